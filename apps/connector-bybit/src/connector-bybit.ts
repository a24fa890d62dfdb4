import {
  ConnectorEngine,
  RatePlan,
  VenueClock,
  VenueHttp,
  withLanes,
  type ConnectorParts,
  type Logger,
} from '@sluice/connector-engine';
import type { ServiceConfig } from '@sluice/service-shell';
import type { BybitConfig } from './config.js';
import { BybitAdapter } from './venue/bybit.adapter.js';
import { BybitAddressBook } from './venue/bybit.address-book.js';
import { BYBIT_RATE_RULES, bybitCapabilities } from './venue/bybit.capabilities.js';
import { BybitClient, type Pace } from './venue/bybit.client.js';
import { bybitStartFault } from './venue/bybit.start-check.js';

export type BybitVenueConfig = Omit<BybitConfig, keyof ServiceConfig>;

const SPARE_CONNECTIONS = 4; // for reads, while every submit has one
const LONGEST_WAIT_MS = 10_000;
const ACCOUNT_TYPES = ['FUND', 'UTA', 'EARN'];

/** The Bybit connector without Kafka and HTTP: what the app starts and the tests drive. */
export class BybitConnector {
  private constructor(
    readonly engine: ConnectorEngine,
    private readonly http: VenueHttp,
  ) {}

  /** Throws when no wallet is named that could pay. */
  static create(
    parts: Pick<ConnectorParts, 'database' | 'unitOfWork' | 'logger'>,
    config: BybitVenueConfig,
  ): BybitConnector {
    const { concurrency, submitTimeoutMs, apiKey, recvWindowMs } = config;
    const capabilities = bybitCapabilities(config.absenceAfterMs, recvWindowMs, config);
    const ratePlan = new RatePlan(
      parts.database,
      withLanes({ ...BYBIT_RATE_RULES, ...config.ratePlan }, capabilities),
    );
    const venueClock = new VenueClock('bybit', parts.logger);
    const http = new VenueHttp({
      clock: venueClock,
      origin: new URL(config.baseUrl).origin,
      connections: concurrency + SPARE_CONNECTIONS,
    });
    const access = { apiKey, apiSecret: config.apiSecret.reveal(), recvWindowMs };
    const client = new BybitClient(
      http,
      venueClock,
      { ...access, submitTimeoutMs, readTimeoutMs: submitTimeoutMs },
      paceOf(ratePlan, parts.logger),
    );
    const policy = {
      accountType: accountTypeOf(config.accountTypes),
      travelRule: config.travelRule,
    };
    const adapter = new BybitAdapter(capabilities, client, new BybitAddressBook(client), policy);
    const startCheck = (): Promise<string | null> => bybitStartFault(client);
    const invariants = [new URL('./postgres/invariants/', import.meta.url)];
    const clock = { venueClock, readVenueClock: () => client.readClock() };
    return new BybitConnector(
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

function paceOf(ratePlan: RatePlan, logger: Logger): Pace {
  return {
    turn: (endpoint) => ratePlan.turnWithin(endpoint, LONGEST_WAIT_MS),
    silence: async (ms) => {
      logger.error(
        { silentForMs: ms },
        'Bybit turns our address away: nothing is called for a while, a person must look',
      );
      // The answer that led here still has to be returned: a pause that could not be stored must not make it unknown.
      await ratePlan
        .pauseAll(ms)
        .catch((error: unknown) => logger.warn({ err: error }, 'the pause could not be stored'));
    },
  };
}

function accountTypeOf(types: readonly string[]): string {
  const strange = types.filter((type) => !ACCOUNT_TYPES.includes(type));
  if (types.length === 0 || strange.length > 0)
    throw new Error(
      `BYBIT_ACCOUNT_TYPES must be some of ${ACCOUNT_TYPES.join(', ')}, not ${strange.join(', ')}`,
    );
  return types.join(',');
}
