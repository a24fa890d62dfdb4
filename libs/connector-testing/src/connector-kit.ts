import type { ConnectorParts, ConnectorEngine, RateRules } from '@sluice/connector-engine';

/** A venue's connector without Kafka and HTTP. */
export interface VenueConnector {
  readonly engine: ConnectorEngine;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** All that the tests have to know of a venue. */
export interface ConnectorKit<Config> {
  /** Its name as the simulator, topics and folders have it. */
  readonly venue: string;
  create(
    parts: Pick<ConnectorParts, 'database' | 'unitOfWork' | 'logger'>,
    config: Config,
  ): VenueConnector;
  /** Settings of a connector in front of the simulator, by what `GET /_sim/credentials` says. */
  config(credentials: Readonly<Record<string, unknown>>): Config;
}

export const ABSENCE_AFTER_MS = 1_200;

/** Times short enough for tests: a submit gives up before a hang of the simulator ends. */
export const QUICK_CONNECTOR = {
  pollIntervalMs: 100,
  recordIntervalMs: 200,
  submitTimeoutMs: 400,
  absenceAfterMs: ABSENCE_AFTER_MS,
  concurrency: 32,
  haltMs: 1_000,
  refusalLookupAfterMs: 100,
  notListedAfterMs: 600_000,
  /** The simulator honours a signature for longer: what a test holds up must not arrive after this. */
  honouredForMs: 300,
  nodeEnv: 'test',
} as const;

/** The same endpoints without a limit that a test could meet. */
export function widePlan(rules: RateRules): RateRules {
  return Object.fromEntries(
    Object.keys(rules).map((endpoint) => [endpoint, { limit: 10_000, perMs: 1_000 }]),
  );
}
