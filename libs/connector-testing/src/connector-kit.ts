import type { Type } from '@nestjs/common';
import type { ConnectorConfig, RateRules } from '@sluice/connector-engine';
import type { DatabaseSchema } from '@sluice/postgres';
import type { ServiceConfig } from '@sluice/service-shell';
import type { RunningSimulator } from './start-simulator.js';

/** All that the tests have to know of a venue. */
export interface ConnectorKit<Config extends ConnectorConfig> {
  /** Its name as the simulator, topics and folders have it. */
  readonly venue: string;
  /** The app's own module. */
  readonly module: Type;
  /** The folder of its own invariants. */
  readonly invariants: URL;
  /** Where it has tables of its own beside the engine's. */
  readonly schema?: DatabaseSchema;
  /** What stands for the venue, where that is none of the venue simulator. */
  simulator?(): Promise<RunningSimulator>;
  /** Settings of a connector in front of the simulator, by what `GET /_sim/credentials` says. */
  config(credentials: Readonly<Record<string, unknown>>): Omit<Config, keyof ServiceConfig>;
}

export const ABSENCE_AFTER_MS = 1_200;

/** Times short enough for tests: a submit gives up before a hang of the simulator ends. */
export const QUICK_CONNECTOR = {
  startHalted: null,
  pollIntervalMs: 100,
  recordIntervalMs: 200,
  submitTimeoutMs: 400,
  absenceAfterMs: ABSENCE_AFTER_MS,
  concurrency: 32,
  ceilings: {},
  haltMs: 1_000,
  refusalLookupAfterMs: 1_200,
  fastFailoverExposureEur: 10_000,
  notListedAfterMs: 600_000,
  /** The simulator honours a signature for longer: what a test holds up must not arrive after this. */
  honouredForMs: 300,
} as const;

/** The same endpoints without a limit that a test could meet. */
export function widePlan(rules: RateRules): RateRules {
  return Object.fromEntries(
    Object.keys(rules).map((endpoint) => [endpoint, { limit: 10_000, perMs: 1_000 }]),
  );
}
