import {
  ConnectorEngine,
  RatePlan,
  VenueClock,
  VenueHttp,
  type ConnectorParts,
} from '@sluice/connector-engine';
import type { ServiceConfig } from '@sluice/service-shell';
import { readUpvestPrivateKey } from '@sluice/signing';
import type { UpvestConfig } from './config.js';
import { UpvestAdapter } from './venue/upvest.adapter.js';
import { UPVEST_RATE_RULES, upvestCapabilities } from './venue/upvest.capabilities.js';
import { UpvestClient } from './venue/upvest.client.js';
import { upvestStartFault } from './venue/upvest.start-check.js';

export type UpvestVenueConfig = Omit<UpvestConfig, keyof ServiceConfig | 'webhookPublicKey'>;

const SPARE_CONNECTIONS = 4; // for reads, while every submit has one

/** The Upvest connector without Kafka and HTTP: what the app starts and the tests drive. */
export class UpvestConnector {
  private constructor(
    readonly engine: ConnectorEngine,
    private readonly http: VenueHttp,
  ) {}

  static create(
    parts: Pick<ConnectorParts, 'database' | 'unitOfWork' | 'logger'>,
    config: UpvestVenueConfig,
  ): UpvestConnector {
    const { origin, pathname } = new URL(config.baseUrl);
    const { concurrency, submitTimeoutMs, clientId, keyId, scopes } = config;
    const ratePlan = new RatePlan(parts.database, { ...UPVEST_RATE_RULES, ...config.ratePlan });
    const venueClock = new VenueClock('upvest', parts.logger);
    const http = new VenueHttp({
      clock: venueClock,
      origin,
      connections: concurrency + SPARE_CONNECTIONS,
    });
    const access = {
      clientId,
      clientSecret: config.clientSecret.reveal(),
      keyId,
      privateKey: readUpvestPrivateKey(config.privateKey.reveal()),
      scopes,
    };
    const wire = {
      prefix: pathname.replace(/\/$/, ''),
      submitTimeoutMs,
      readTimeoutMs: submitTimeoutMs,
    };
    const client = new UpvestClient(http, venueClock, { ...access, ...wire }, (endpoint) =>
      ratePlan.turn(endpoint),
    );
    const adapter = new UpvestAdapter(
      upvestCapabilities(config.absenceAfterMs, config.replayForMs, config),
      client,
    );
    const startCheck = (): Promise<string | null> => upvestStartFault(client);
    const invariants = [new URL('./postgres/invariants/', import.meta.url)];
    const clock = { venueClock, readVenueClock: () => client.readClock() };
    return new UpvestConnector(
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
