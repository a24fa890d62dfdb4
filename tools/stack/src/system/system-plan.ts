import type { ChainOptions } from '../chains/provide-chains.js';
import type { ProgramName } from '../layout/run-file.js';
import type { Pace } from '../tables/pace.js';
import { VENUE_NAMES, type VenueName } from '../tables/venues.js';
import type { StackConfig } from './config.js';
import type { Environment } from './service-environment.js';

/** Plan of a system, as plain data: its servers and services, and their settings. */
export interface SystemPlan {
  readonly pace: Pace;
  /**
   * Venues to run, starting with the first venue. Default: all. Routes to a venue not running wait
   * for the venue.
   */
  readonly venues: readonly VenueName[];
  /** Starts only PostgreSQL, Kafka and the simulator, for services run by hand. */
  readonly serversOnly: boolean;
  /**
   * Number of Kafka brokers. With 3, each record has three replicas, and a write needs two.
   * Default: the number from the data folder's first start, or 1.
   */
  readonly brokers?: 1 | 3;
  /** Additional environment of a program, also after restarts. */
  readonly environment: Readonly<Partial<Record<ProgramName, Environment>>>;
  /** Kafka, PostgreSQL and the services speak TLS alone, with certificates of this machine's own. */
  readonly tls: boolean;
  /** Options of the wallet's chains, if the wallet runs. */
  readonly chains?: ChainOptions;
  /**
   * Number of processes per service (default 1). Requests are balanced over all; `run.json` lists
   * the first.
   */
  readonly instances: number;
  readonly logLevel: string;
}

/** Completes a plan with the defaults. */
export function planOf(
  wanted: Partial<SystemPlan>,
  { tls, instances, logLevel }: Pick<StackConfig, 'tls' | 'instances' | 'logLevel'>,
): SystemPlan {
  return {
    pace: 'real',
    venues: VENUE_NAMES,
    serversOnly: false,
    environment: {},
    tls,
    instances,
    logLevel,
    ...wanted,
  };
}
