import type { ProcessGuard, SupervisedProcess, SupervisorEvents } from '@sluice/test-servers';
import type { ChainOptions } from '../chains/provide-chains.js';
import type { ProgramName } from '../layout/run-file.js';
import type { Pace } from '../tables/venues/venue.js';
import { VENUE_NAMES, type VenueName } from '../tables/venues.js';
import { stackConfig, type StackConfig } from './config.js';
import type { Environment, SystemContext } from './service-environment.js';
import { loadPorts, type Layout, type StackPorts } from '../layout/layout.js';
import {
  loadSecrets,
  provideAuditKeys,
  writeMessageKeys,
  type LocalTls,
  type StackSecrets,
} from './stack-secrets.js';

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
  /** Starts the console too. Its page must be built. */
  readonly console: boolean;
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
    console: false,
    environment: {},
    tls,
    instances,
    logLevel,
    ...wanted,
  };
}

/** Place of a system on this machine: paths, ports and secrets, and the owner of the processes. */
export interface StackSite {
  readonly layout: Layout;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  /** Null without TLS. */
  readonly tls: LocalTls | null;
  readonly java: string;
  readonly guard: ProcessGuard;
  readonly events: SupervisorEvents;
  /** Called before a step taking long on the first start. */
  readonly notice: (text: string) => void;
  /**
   * Called immediately with each server process, to stop the process even if a later step fails.
   */
  readonly adopt: (process: SupervisedProcess) => void;
}

/** Parts of a site given by the caller; defaults apply to missing parts. */
type Given = Pick<StackSite, 'layout' | 'guard'> & Partial<Omit<StackSite, 'secrets'>>;

/** Provides the ports and secrets of a data folder, and writes the key file of each service. */
export async function openSite(given: Given): Promise<StackSite> {
  const { layout } = given;
  const secrets = loadSecrets(layout.secrets);
  writeMessageKeys(layout, secrets);
  return {
    tls: null,
    java: given.java ?? stackConfig().java,
    events: {},
    notice: () => undefined,
    adopt: () => undefined,
    ...given,
    ports: given.ports ?? (await loadPorts(layout.ports)),
    secrets,
  };
}

/** Returns the input for the environments of the services of a site. */
export function contextOf(
  { layout, ports, secrets, tls }: Pick<StackSite, 'layout' | 'ports' | 'secrets' | 'tls'>,
  addresses: Pick<
    SystemContext,
    | 'brokers'
    | 'kafkaAsksLogins'
    | 'databases'
    | 'issuer'
    | 'consoleSecret'
    | 'logLevel'
    | 'credentialsOf'
  >,
): SystemContext {
  return {
    ...addresses,
    ports,
    secrets,
    tls,
    auditKeys: provideAuditKeys(layout),
    walletKeys: layout.walletKeys,
    chainsFor: (name) => layout.chainsFor(name),
    messageKeysOf: (name) => layout.messageKeysOf(name),
  };
}

/**
 * Like Promise.all, but fails only after every part has ended: parts still starting can be stopped
 * afterwards.
 */
export async function settleAll<T extends readonly unknown[] | []>(
  parts: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
