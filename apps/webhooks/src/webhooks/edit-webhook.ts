import { Injectable } from '@nestjs/common';
import { ApiError, type SubscribedEvent } from '@sluice/http-api';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import { type SealedSecret, SecretBox } from '@sluice/signing';
import { scheduleDeliveries } from '../events/schedule-deliveries.js';
import { meaningOf, previousMeaningOf } from '../secrets/webhook-secret.js';
import { Sender } from '../sending/sender.js';
import { DeliverySeals } from '../trust/delivery-seals.js';
import { pausedEvent, type PausedWebhook } from './pause-failing-webhooks.js';
import { WebhookFaults } from './create-webhook.js';
import { WebhookEntity } from './webhook.entity.js';

interface WebhookChange {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly description?: string | null | undefined;
}

/** Changes URL, events and description; id, secret and deliveries stay. */
@Injectable()
export class EditWebhook {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly box: SecretBox,
    private readonly faults: WebhookFaults,
    private readonly sender: Sender,
  ) {}

  /**
   * Throws 400 with each fault as `field: reason`, or 404. Waiting deliveries go to the new URL.
   */
  async edit(
    id: string,
    account: string | undefined,
    change: WebhookChange,
  ): Promise<Omit<WebhookEntity, 'sealed' | 'previousSealed'>> {
    await this.faults.refuse(change);
    const edited = await this.unitOfWork.run(async (tx) => {
      const webhook = await lockedWebhook(tx, id, account);
      const { url = webhook.url, description = webhook.description } = change;
      const events = [...new Set(change.events ?? webhook.events)] as readonly SubscribedEvent[];
      if (url !== webhook.url) await this.moveTo(tx, webhook, url);
      const all = [...new Set([...webhook.formerly, ...webhook.events])];
      const formerly = all.filter((event) => !events.includes(event));
      await tx.query(EDIT, [id, events, formerly, description]);
      return (await tx.repository(WebhookEntity).findOne({ where: { id } })) ?? webhook;
    });
    this.sender.wake([id]);
    return edited;
  }

  /** Seals the secrets with the new URL, and clears the old address's failures. */
  private async moveTo(tx: Tx, webhook: WebhookEntity, url: string): Promise<void> {
    const { id, previousUntil: until } = webhook;
    const [row] = await tx.query<Sealed>(READ, [id]);
    if (!row) throw new Error(`webhook ${id} is locked and has no secret`);
    const moved = { ...webhook, url };
    const secret = this.box.open(row.sealed, id, meaningOf(webhook));
    const previous =
      row.previous_sealed !== null && until !== null
        ? this.box.seal(
            this.box.open(row.previous_sealed, id, previousMeaningOf(webhook, until)),
            ...([id, previousMeaningOf(moved, until)] as const),
          )
        : null;
    await tx.query(MOVE, [
      id,
      url,
      JSON.stringify(this.box.seal(secret, id, meaningOf(moved))),
      previous && JSON.stringify(previous),
    ]);
  }
}

interface Sealed {
  readonly sealed: SealedSecret;
  readonly previous_sealed: SealedSecret | null;
}

const READ = 'SELECT sealed, previous_sealed FROM webhook WHERE id = $1 AND sealed IS NOT NULL';
const MOVE = `
  UPDATE webhook SET url = $2, sealed = $3::jsonb, previous_sealed = $4::jsonb, revision = revision + 1, failing_since = NULL, failed_at = NULL
   WHERE id = $1`;
const EDIT = 'UPDATE webhook SET events = $2, formerly = $3, description = $4 WHERE id = $1';

type ChangedWebhook = Omit<WebhookEntity, 'sealed' | 'previousSealed'>;

/**
 * Pauses, resumes and deletes, repeatably. Throws 404 if missing, deleted, or another account's.
 */
@Injectable()
export class ChangeWebhook {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
    private readonly seals: DeliverySeals,
  ) {}

  /** Deliveries wait until resumed; the account's other webhooks report the pause. */
  async pause(id: string): Promise<ChangedWebhook> {
    let wake: readonly string[] = [];
    const webhook = await this.change(id, undefined, async (tx) => {
      const paused = await tx.query<PausedWebhook>(PAUSE, [id]);
      wake = await scheduleDeliveries(tx, this.seals, paused.map(pausedEvent));
    });
    this.sender.wake(wake);
    return webhook;
  }

  async resume(id: string, account?: string): Promise<ChangedWebhook> {
    const webhook = await this.change(id, account, (tx) => tx.query(RESUME, [id]));
    this.sender.wake([id]);
    return webhook;
  }

  /** Removes the secrets for good; waiting deliveries become failed. */
  async delete(id: string, account?: string): Promise<ChangedWebhook> {
    return this.change(id, account, async (tx) => {
      await tx.query(DELETE, [id]);
      await tx.query(GIVE_UP, [id]);
    });
  }

  private change(
    id: string,
    account: string | undefined,
    work: (tx: Tx) => Promise<unknown>,
  ): Promise<ChangedWebhook> {
    return this.unitOfWork.run(async (tx) => {
      const webhook = await lockedWebhook(tx, id, account);
      await work(tx);
      return (await tx.repository(WebhookEntity).findOne({ where: { id } })) ?? webhook;
    });
  }
}

const PAUSE = `
  UPDATE webhook SET state = 'paused', paused_at = clock_timestamp(), paused_because = 'wish' WHERE id = $1 AND state = 'enabled'
  RETURNING id, account_id, url, failing_since, paused_at, paused_because`;
const RESUME = `
  UPDATE webhook SET state = 'enabled', paused_at = NULL, paused_because = NULL, failing_since = NULL, failed_at = NULL WHERE id = $1`;
const DELETE = `
  UPDATE webhook SET state = 'deleted', sealed = NULL, previous_sealed = NULL, previous_until = NULL, deleted_at = clock_timestamp(),
         paused_at = NULL, paused_because = NULL, failing_since = NULL, failed_at = NULL
   WHERE id = $1`;
const GIVE_UP = `
  UPDATE delivery SET status = 'failed', next_attempt_at = NULL, attempt_id = NULL, begun_at = NULL, ended_at = clock_timestamp()
   WHERE webhook_id = $1 AND status = 'pending'`;

/** Locked webhook. Throws 404 if missing, deleted, or another account's. */
export async function lockedWebhook(
  tx: Tx,
  id: string,
  account: string | undefined,
): Promise<WebhookEntity> {
  const webhook = await tx.repository(WebhookEntity).findOne({
    where: { id, ...(account !== undefined && { accountId: account }) },
    lock: { mode: 'pessimistic_write' },
  });
  if (webhook === null || webhook.state === 'deleted') throw ApiError.notFound('Webhook not found');
  return webhook;
}
