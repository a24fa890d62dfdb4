import { Injectable } from '@nestjs/common';
import type { SubscribedEvent } from '@sluice/http-api';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { SecretBox, type SealedSecret } from '@sluice/signing';
import { Sender } from '../sending/sender.js';
import { lockedWebhook } from './lock-webhook.js';
import { meaningOf, previousMeaningOf } from '../secrets/sealed-webhook.js';
import { WebhookFaults } from './webhook-faults.js';
import { WebhookEntity } from './webhook.entity.js';

/** Changes of a webhook; omitted fields stay unchanged. */
interface WebhookChange {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly description?: string | null | undefined;
}

/**
 * Changes URL, subscribed events and description of a webhook. The id, secret and deliveries stay
 * unchanged.
 */
@Injectable()
export class EditWebhook {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly box: SecretBox,
    private readonly faults: WebhookFaults,
    private readonly sender: Sender,
  ) {}

  /**
   * Edits a webhook. Throws 400 with every fault as `field: reason`, and 404 if the webhook is
   * missing. Waiting deliveries go to the new URL.
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

  /**
   * Seals the secrets again with the new URL, because the URL is part of the seal. Clears the
   * failures of the old address.
   */
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
