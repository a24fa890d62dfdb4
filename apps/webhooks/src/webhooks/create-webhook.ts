import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { WEBHOOK_EVENTS, type WebhookEvent } from '@sluice/admin-api';
import { ApiError } from '@sluice/http-api';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { SecretBox } from '@sluice/secret-box';
import { InjectConfig } from '@sluice/service-shell';
import { WEBHOOK_SECRET_PREFIX } from '@sluice/signing';
import type { WebhooksConfig } from '../config.js';
import { NameCheck } from '../guard/name-check.js';
import { hostOf, readWebhookUrl } from '../guard/webhook-url.js';
import { meaningOf } from './sealed-webhook.js';
import { WebhookEntity } from './webhook.entity.js';

export interface NewWebhook {
  readonly accountId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly description: string | null;
}

export interface CreatedWebhook {
  readonly webhook: Omit<WebhookEntity, 'sealed'>;
  /** Notified once and never again. */
  readonly secret: string;
}

const SECRET_BYTES = 32;
const MOST_OF_AN_ACCOUNT = 50;

/** Registers a webhook. Refuses with 400 and every fault as `field: reason`, and then stores nothing. */
@Injectable()
export class CreateWebhook {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly box: SecretBox,
    private readonly names: NameCheck,
    @InjectConfig() private readonly config: Pick<WebhooksConfig, 'allowLoopback'>,
  ) {}

  async create({ accountId, url, events, description }: NewWebhook): Promise<CreatedWebhook> {
    const faults = [...(await this.urlFaults(url)), ...eventFaults(events)];
    if (faults.length > 0) throw new ApiError(400, faults.join('; '));
    const id = randomUUIDv7();
    const secret = `${WEBHOOK_SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
    const webhook = {
      ...{ id, accountId, url, description, state: 'enabled' as const },
      events: [...new Set(events)] as readonly WebhookEvent[],
      ...{ pausedAt: null, pausedBecause: null, failingSince: null, failedAt: null },
      deletedAt: null,
    };
    const sealed = this.box.seal(secret, id, meaningOf(webhook));
    const createdAt = await this.unitOfWork.run(async (tx) => {
      await requireCapacity(tx, accountId);
      const at = await tx.now();
      await tx
        .repository(WebhookEntity)
        .insert({ ...webhook, events: [...webhook.events], sealed, createdAt: at });
      return at;
    });
    return { webhook: { ...webhook, createdAt }, secret };
  }

  private async urlFaults(text: string): Promise<readonly string[]> {
    const read = readWebhookUrl(text, this.config);
    if (!read.ok) return [`url: ${read.refusal}`];
    const fault = await this.names.faultOf(hostOf(read.value));
    return fault === null ? [] : [`url: ${fault}`];
  }
}

function eventFaults(events: readonly string[]): readonly string[] {
  const unknown = events.find((event) => !WEBHOOK_EVENTS.some((known) => known === event));
  return unknown === undefined
    ? []
    : [`events: ${JSON.stringify(unknown)} is not one of ${WEBHOOK_EVENTS.join(', ')}`];
}

/** One registration of an account at a time, so that none slips past the limit. */
async function requireCapacity(tx: Tx, accountId: string): Promise<void> {
  void tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`webhooks ${accountId}`]);
  const [row] = await tx.query<{ webhooks: number }>(
    `SELECT count(*)::integer AS webhooks FROM webhook WHERE account_id = $1 AND state <> 'deleted'`,
    [accountId],
  );
  if ((row?.webhooks ?? 0) >= MOST_OF_AN_ACCOUNT)
    throw ApiError.conflict(`An account may have ${MOST_OF_AN_ACCOUNT} webhooks`);
}
