import {
  ConnectorEngine,
  RatePlan,
  VenueClock,
  VenueHttp,
  type ConnectorParts,
} from '@sluice/connector-engine';
import type { ServiceConfig } from '@sluice/service-shell';
import type { GateioConfig } from './config.js';
import { GateioAdapter } from './venue/gateio.adapter.js';
import { GATEIO_RATE_RULES, gateioCapabilities } from './venue/gateio.capabilities.js';
import { GateioClient } from './venue/gateio.client.js';
import { GateioFees } from './venue/gateio.fees.js';
import { gateioStartFault } from './venue/gateio.start-check.js';

export type GateioVenueConfig = Omit<GateioConfig, keyof ServiceConfig>;

const SPARE_CONNECTIONS = 4; // for reads, while every submit has one

/** The Gate.io connector without Kafka and HTTP: what the app starts and the tests drive. */
export class GateioConnector {
  private constructor(
    readonly engine: ConnectorEngine,
    private readonly http: VenueHttp,
  ) {}

  static create(
    parts: Pick<ConnectorParts, 'database' | 'unitOfWork' | 'logger'>,
    config: GateioVenueConfig,
  ): GateioConnector {
    const { origin, pathname } = new URL(config.baseUrl);
    const { concurrency, submitTimeoutMs } = config;
    const ratePlan = new RatePlan(parts.database, { ...GATEIO_RATE_RULES, ...config.ratePlan });
    const venueClock = new VenueClock('gateio', parts.logger);
    const http = new VenueHttp({
      clock: venueClock,
      origin,
      connections: concurrency + SPARE_CONNECTIONS,
    });
    const access = {
      apiKey: config.apiKey,
      apiSecret: config.apiSecret.reveal(),
      prefix: pathname.replace(/\/$/, ''),
    };
    const client = new GateioClient(
      http,
      venueClock,
      { ...access, submitTimeoutMs, readTimeoutMs: submitTimeoutMs },
      (endpoint) => ratePlan.turn(endpoint),
    );
    const doneRule = {
      requireBlockNumber: config.doneRequiresBlock,
      settleAfterMs: config.doneSettlesAfterMs,
    };
    const adapter = new GateioAdapter(
      gateioCapabilities(config.absenceAfterMs, config),
      client,
      new GateioFees(client),
      doneRule,
    );
    const startCheck = (): Promise<string | null> => gateioStartFault(client);
    const invariants = [new URL('./postgres/invariants/', import.meta.url)];
    const clock = { venueClock, readVenueClock: () => client.readClock() };
    return new GateioConnector(
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
