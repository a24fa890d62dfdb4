import { ConnectorRuntime, RatePlan, VenueHttp, type ConnectorParts } from '@sluice/connector-runtime';
import type { ServiceConfig } from '@sluice/service-shell';
import type { BitmartConfig } from './config.js';
import { BitmartAdapter } from './venue/bitmart.adapter.js';
import { BITMART_RATE_RULES, bitmartCapabilities } from './venue/bitmart.capabilities.js';
import { BitmartClient } from './venue/bitmart.client.js';
import { announceClosing, bitmartStartFault } from './venue/bitmart.start-check.js';
import { BitmartTerms } from './venue/bitmart.terms.js';

export type BitmartVenueConfig = Omit<BitmartConfig, keyof ServiceConfig>;

const SPARE_CONNECTIONS = 4; // for reads, while every submit has one

/** The BitMart connector without Kafka and HTTP doors: what the app starts and the tests drive. */
export class BitmartConnector {
  private constructor(
    readonly runtime: ConnectorRuntime,
    private readonly http: VenueHttp,
    private readonly announce: () => void,
  ) {}

  static create(parts: Pick<ConnectorParts, 'database' | 'unitOfWork' | 'logger'>, config: BitmartVenueConfig): BitmartConnector {
    const { origin, pathname } = new URL(config.baseUrl);
    const { concurrency, submitTimeoutMs, haltMs, pollIntervalMs, amountIs, refuseFrom } = config;
    const ratePlan = new RatePlan(parts.database, { ...BITMART_RATE_RULES, ...config.ratePlan });
    const http = new VenueHttp({ origin, connections: concurrency + SPARE_CONNECTIONS });
    const access = { apiKey: config.apiKey, apiSecret: config.apiSecret.reveal(), memo: config.memo.reveal(), prefix: pathname.replace(/\/$/, '') };
    const client = new BitmartClient(http, { ...access, submitTimeoutMs, readTimeoutMs: submitTimeoutMs }, (endpoint) => ratePlan.turn(endpoint));
    const adapter = new BitmartAdapter(bitmartCapabilities(config.absenceAfterMs), client, new BitmartTerms(client), { amountIs, refuseFrom });
    const startCheck = (): Promise<string | null> => bitmartStartFault(client, parts.logger);
    const options = { concurrency, submitTimeoutMs, haltMs, pollIntervalMs, invariants: [new URL('./postgres/invariants/', import.meta.url)] };
    return new BitmartConnector(new ConnectorRuntime({ ...parts, adapter, ratePlan, startCheck }, options), http, () =>
      announceClosing(parts.logger, refuseFrom),
    );
  }

  async start(): Promise<void> {
    this.announce();
    await this.runtime.start();
  }

  async stop(): Promise<void> {
    await this.runtime.stop();
    await this.http.close();
  }
}
