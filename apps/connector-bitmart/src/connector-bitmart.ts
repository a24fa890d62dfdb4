import {
  ConnectorEngine,
  RatePlan,
  VenueClock,
  VenueHttp,
  type ConnectorParts,
} from '@sluice/connector-engine';
import type { ServiceConfig } from '@sluice/service-shell';
import type { BitmartConfig } from './config.js';
import { BitmartAdapter } from './venue/bitmart.adapter.js';
import { BITMART_RATE_RULES, bitmartCapabilities } from './venue/bitmart.capabilities.js';
import { BitmartClient } from './venue/bitmart.client.js';
import { announceClosing, bitmartStartFault } from './venue/bitmart.start-check.js';
import { BitmartTerms } from './venue/bitmart.terms.js';

export type BitmartVenueConfig = Omit<BitmartConfig, keyof ServiceConfig>;

const SPARE_CONNECTIONS = 4; // for reads, while every submit has one

/** The BitMart connector without Kafka and HTTP: what the app starts and the tests drive. */
export class BitmartConnector {
  private constructor(
    readonly engine: ConnectorEngine,
    private readonly http: VenueHttp,
  ) {}

  static create(
    parts: Pick<ConnectorParts, 'database' | 'unitOfWork' | 'logger'>,
    config: BitmartVenueConfig,
  ): BitmartConnector {
    const { origin, pathname } = new URL(config.baseUrl);
    const { concurrency, submitTimeoutMs, amountIs, refuseFrom } = config;
    const ratePlan = new RatePlan(parts.database, { ...BITMART_RATE_RULES, ...config.ratePlan });
    const venueClock = new VenueClock('bitmart', parts.logger);
    const http = new VenueHttp({
      clock: venueClock,
      origin,
      connections: concurrency + SPARE_CONNECTIONS,
    });
    const access = {
      apiKey: config.apiKey,
      apiSecret: config.apiSecret.reveal(),
      memo: config.memo.reveal(),
      prefix: pathname.replace(/\/$/, ''),
    };
    const client = new BitmartClient(
      http,
      venueClock,
      { ...access, submitTimeoutMs, readTimeoutMs: submitTimeoutMs },
      (endpoint) => ratePlan.turn(endpoint),
    );
    const adapter = new BitmartAdapter(
      bitmartCapabilities(config.absenceAfterMs, config),
      client,
      new BitmartTerms(client),
      {
        amountIs,
        refuseFrom,
      },
    );
    const startCheck = async (): Promise<string | null> => {
      const fault = await bitmartStartFault(client);
      const now = venueClock.earliest();
      if (fault === null && now !== null) announceClosing(parts.logger, refuseFrom, now);
      return fault;
    };
    const invariants = [new URL('./postgres/invariants/', import.meta.url)];
    const clock = { venueClock, readVenueClock: () => client.readClock() };
    return new BitmartConnector(
      new ConnectorEngine(
        { ...parts, ...clock, adapter, ratePlan, startCheck },
        { ...config, invariants },
      ),
      http,
    );
  }

  async start(): Promise<void> {
    await this.engine.start();
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    await this.http.close();
  }
}
