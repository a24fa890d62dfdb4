import type { Type } from '@nestjs/common';
import type { ConnectorConfig, RateRules } from '@sluice/connector-engine';
import type { DatabaseSchema } from '@sluice/postgres';
import type { ServiceConfig } from '@sluice/service-shell';
import { PermitKeys } from '@sluice/signing';
import type { RunningSimulator } from './start-simulator.js';

/** Facts about a venue needed by the tests. */
export interface ConnectorKit<Config extends ConnectorConfig> {
  /** Venue name used by the simulator, topics and folders. */
  readonly venue: string;
  /** The app's own module. */
  readonly module: Type;
  /** Folder of the venue's invariants. */
  readonly invariants: URL;
  /** Schema of a venue with tables beside the engine's tables. */
  readonly schema?: DatabaseSchema;
  /** Simulator of the venue (default: the venue simulator). */
  simulator?(): Promise<RunningSimulator>;
  /**
   * Settings of a connector in front of the simulator, built from the response of `GET
   * /_sim/credentials`.
   */
  config(
    credentials: Readonly<Record<string, unknown>>,
  ): Omit<Config, keyof ServiceConfig | 'venueAccount'>;
}

export const ABSENCE_AFTER_MS = 1_200;

/** Times short enough for tests: a submit gives up before a hang of the simulator ends. */
export const QUICK_CONNECTOR = {
  // these tests run no auditor
  auditorPermits: 'advisory',
  auditorPublicKeys: new PermitKeys([]),
  startHalted: null,
  pollIntervalMs: 100,
  recordIntervalMs: 200,
  returnIntervalMs: 500,
  submitTimeoutMs: 400,
  absenceAfterMs: ABSENCE_AFTER_MS,
  concurrency: 32,
  ceilings: {},
  haltMs: 1_000,
  refusalLookupAfterMs: 1_200,
  fastFailoverExposureEur: 10_000,
  feeChangeMaxEur: 20,
  venueHaltFromEur: 1_000,
  notListedAfterMs: 600_000,
  /**
   * The simulator accepts a signature for longer: a request delayed by a test must not arrive after
   * this time.
   */
  honouredForMs: 300,
} as const;

/** Returns the same endpoints with limits above the traffic of any test. */
export function widePlan(rules: RateRules): RateRules {
  return Object.fromEntries(
    Object.keys(rules).map((endpoint) => [endpoint, { limit: 10_000, perMs: 1_000 }]),
  );
}
