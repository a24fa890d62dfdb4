import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { DeliverySeals } from '../trust/delivery-seals.js';
import { scheduleDeliveries } from '../events/schedule-deliveries.js';
import { Sender } from '../sending/sender.js';
import { lockedWebhook } from './lock-webhook.js';
import { pausedEvent, type PausedWebhook } from './paused-event.js';
import { WebhookEntity } from './webhook.entity.js';

type ChangedWebhook = Omit<WebhookEntity, 'sealed' | 'previousSealed'>;

/**
 * Pauses, resumes and deletes webhooks. Each request may be repeated. Throws 404 for a webhook that
 * is missing, deleted, or owned by another account.
 */
@Injectable()
export class ChangeWebhook {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
    private readonly seals: DeliverySeals,
  ) {}

  /**
   * Pauses a webhook: deliveries wait until the webhook is resumed. The other webhooks of the
   * account report the pause.
   */
  async pause(id: string): Promise<ChangedWebhook> {
    let wake: readonly string[] = [];
    const webhook = await this.change(id, undefined, async (tx) => {
      const paused = await tx.query<PausedWebhook>(PAUSE, [id]);
      wake = await scheduleDeliveries(tx, this.seals, paused.map(pausedEvent));
    });
    this.sender.wake(wake);
    return webhook;
  }

  /** Resumes a webhook: waiting deliveries are sent now, and past failures are cleared. */
  async resume(id: string, account?: string): Promise<ChangedWebhook> {
    const webhook = await this.change(id, account, (tx) => tx.query(RESUME, [id]));
    this.sender.wake([id]);
    return webhook;
  }

  /**
   * Deletes a webhook permanently: the secrets are removed, and waiting deliveries become failed.
   */
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
