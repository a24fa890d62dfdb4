import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { type SealedSecret, SecretBox, signStandardWebhook, signWebhook } from '@sluice/signing';
import { hostOf } from '../guard/webhook-url.js';
import { meaningOf, previousMeaningOf } from '../secrets/webhook-secret.js';
import { DeliverySeals } from '../trust/delivery-seals.js';
import type { ClaimedDelivery } from './claim-deliveries.js';
import type { PoolPlace } from './lanes.js';

export interface WebhookEndpoint extends PoolPlace {
  readonly url: string;
  readonly revision: number;
  readonly secret: string;
  /** Previous secret, and the end of the period with both secrets. */
  readonly previous: { readonly secret: string; readonly until: Date } | null;
}

const refused = new Counter({
  name: 'sluice_sealed_webhooks_refused_total',
  help: 'Webhooks whose row differs from its seal and whose deliveries are stopped. A value above 0 is an incident: the row was changed outside the service',
});
const MOST = 50_000;

/** Opened secrets, in memory: a thousand deliveries a second open none a second time. */
@Injectable()
export class Endpoints {
  private readonly known = new Map<string, WebhookEndpoint | null>();

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly seals: DeliverySeals,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async learn(webhookIds: readonly string[]): Promise<void> {
    if (this.known.size > MOST) this.known.clear();
    const unknown = webhookIds.filter((id) => !this.known.has(id));
    if (unknown.length === 0) return;
    const rows = await this.database.query<EndpointRow>(READ, [unknown]);
    for (const row of rows) this.known.set(row.id, this.open(row));
  }

  /** Reads webhooks again if the revision has changed since the last read. */
  async update(
    seen: readonly { readonly webhookId: string; readonly revision: number }[],
  ): Promise<void> {
    const changed = seen.filter(
      ({ webhookId, revision }) => this.known.get(webhookId)?.revision !== revision,
    );
    for (const { webhookId } of changed) this.known.delete(webhookId);
    await this.learn([...new Set(changed.map(({ webhookId }) => webhookId))]);
  }

  /** Null for a deleted webhook, or with an unreadable secret. */
  get(webhookId: string): WebhookEndpoint | null {
    return this.known.get(webhookId) ?? null;
  }

  /** Returns whether this service has made the delivery for the account of the webhook. */
  isGenuine(delivery: ClaimedDelivery, { accountId }: WebhookEndpoint): boolean {
    return this.seals.isGenuine(delivery, accountId);
  }

  private open(row: EndpointRow): WebhookEndpoint | null {
    const { id, account_id: accountId, url, revision } = row;
    const of = { id, accountId, url };
    try {
      return {
        accountId,
        url,
        revision,
        host: hostOf(new URL(url)),
        secret: this.box.open(row.sealed, id, meaningOf(of)),
        previous: this.previousOf(row),
      };
    } catch (error) {
      refused.inc();
      this.logger.error(
        { webhookId: id, err: error },
        'the row of a webhook differs from its seal: its deliveries are stopped',
      );
      return null;
    }
  }

  private previousOf({
    previous_sealed: sealed,
    previous_until: until,
    ...row
  }: EndpointRow): WebhookEndpoint['previous'] {
    if (sealed === null || until === null) return null;
    const meaning = previousMeaningOf({ ...row, accountId: row.account_id }, until);
    return { secret: this.box.open(sealed, row.id, meaning), until };
  }
}

interface EndpointRow {
  readonly id: string;
  readonly account_id: string;
  readonly url: string;
  readonly revision: number;
  readonly sealed: SealedSecret;
  readonly previous_sealed: SealedSecret | null;
  readonly previous_until: Date | null;
}

const READ =
  'SELECT id, account_id, url, revision, sealed, previous_sealed, previous_until FROM webhook WHERE id = ANY ($1::uuid[]) AND sealed IS NOT NULL';

interface AttemptedDelivery {
  readonly id: string;
  readonly event: string;
  /** Start time of the attempt, by the database's clock. */
  readonly at: Date;
}

/** Headers of the contract and of Standard Webhooks, without signatures. */
export function plainHeaders({ id, event, at }: AttemptedDelivery): Record<string, string> {
  const timestamp = timestampOf(at);
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Sluice-Webhooks/1',
    'X-CPG-Event': event,
    'X-CPG-Delivery': id,
    'X-CPG-Timestamp': timestamp,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
  };
}

/**
 * All headers. Both schemes sign the same bytes and time. During a replacement the old secret is
 * first, for the contract's single signature.
 */
export function signedHeaders(
  secrets: readonly [string, ...string[]],
  delivery: AttemptedDelivery & { readonly body: string },
): Record<string, string> {
  const { id, at, body } = delivery;
  const sent = { id, timestamp: timestampOf(at), body };
  const [first, next] = secrets;
  return {
    ...plainHeaders(delivery),
    'X-CPG-Signature': signWebhook(first, sent),
    ...(next !== undefined && { 'X-CPG-Signature-Next': signWebhook(next, sent) }),
    'webhook-signature': secrets.map((secret) => signStandardWebhook(secret, sent)).join(' '),
  };
}

export function secretsAt(
  { secret, previous }: Pick<WebhookEndpoint, 'secret' | 'previous'>,
  at: Date,
): readonly [string, ...string[]] {
  return previous !== null && at < previous.until ? [previous.secret, secret] : [secret];
}

function timestampOf(at: Date): string {
  return String(Math.floor(at.getTime() / 1_000));
}
