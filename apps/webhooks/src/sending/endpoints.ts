import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { SecretBox, type SealedSecret } from '@sluice/secret-box';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { Counter } from 'prom-client';
import { hostOf } from '../guard/webhook-url.js';
import { meaningOf } from '../webhooks/sealed-webhook.js';

/** Where deliveries of one webhook go, and what signs them. Neither ever changes. */
export interface Endpoint {
  readonly url: string;
  readonly host: string;
  readonly secret: string;
}

const refused = new Counter({
  name: 'sluice_sealed_webhooks_refused_total',
  help: 'Webhooks whose row is not as it was sealed, and to which nothing is sent. Anything but 0 is an incident: somebody has changed it',
});
const MOST = 50_000;

/** Opened secrets, in memory: a thousand deliveries a second open none a second time. */
@Injectable()
export class Endpoints {
  private readonly known = new Map<string, Endpoint | null>();

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Reads those of these webhooks that are not known yet, by one statement. */
  async learn(webhookIds: readonly string[]): Promise<void> {
    if (this.known.size > MOST) this.known.clear();
    const unknown = webhookIds.filter((id) => !this.known.has(id));
    if (unknown.length === 0) return;
    const rows = await this.database.query<EndpointRow>(READ, [unknown]);
    for (const row of rows) this.known.set(row.id, this.open(row));
  }

  /** Null for one that is deleted, or whose row does not open. */
  get(webhookId: string): Endpoint | null {
    return this.known.get(webhookId) ?? null;
  }

  private open({ id, account_id: accountId, url, sealed }: EndpointRow): Endpoint | null {
    try {
      const secret = this.box.open(sealed, id, meaningOf({ id, accountId, url }));
      return { url, host: hostOf(new URL(url)), secret };
    } catch (error) {
      refused.inc();
      this.logger.error(
        { webhookId: id, err: error },
        'the row of a webhook is not as it was sealed: nothing is sent to it',
      );
      return null;
    }
  }
}

interface EndpointRow {
  readonly id: string;
  readonly account_id: string;
  readonly url: string;
  readonly sealed: SealedSecret;
}

const READ =
  'SELECT id, account_id, url, sealed FROM webhook WHERE id = ANY ($1::uuid[]) AND sealed IS NOT NULL';
