import { type Exit, LocalIssuer, type SupervisedProcess, takeLock } from '@sluice/test-servers';
import type { ChainOptions } from '../chains/provide-chains.js';
import { stackConfig } from './config.js';
import { VENUE_NAMES, type FirstVenue, type VenueName } from '../tables/venues.js';
import { bringUp } from './bring-up.js';
import { loadPorts } from '../layout/stack-ports.js';
import { keepPrivate, layoutOf } from '../layout/layout.js';
import { endOrphans } from './orphans.js';
import { ProcessTable, type SystemEvents } from './process-table.js';
import type { DemoAccount, ProcessName, RunFile, ProgramName } from '../layout/run-file.js';
import type { Environment } from './service-environment.js';
import type { Pace } from '../tables/pace.js';

interface SystemOptions {
  /** Data folder; two systems may run side by side on two folders. */
  readonly home?: string;
  readonly pace?: Pace;
  /**
   * Venues to run, starting with the first venue. Default: all. Routes to a venue not running wait
   * for the venue.
   */
  readonly venues?: readonly [FirstVenue, ...VenueName[]];
  /** Starts only PostgreSQL, Kafka and the simulator, for services run by hand. */
  readonly serversOnly?: boolean;
  /**
   * Number of Kafka brokers. With 3, each record has three replicas, and a write needs two.
   * Default: the number from the data folder's first start, or 1.
   */
  readonly brokers?: 1 | 3;
  /** Additional environment of a program, also after restarts. */
  readonly environment?: Readonly<Partial<Record<ProgramName, Environment>>>;
  /** Kafka, PostgreSQL and the services speak TLS alone, with certificates of this machine's own. */
  readonly tls?: boolean;
  /** Options of the wallet's chains, if the wallet runs. */
  readonly chains?: ChainOptions;
  /**
   * Number of processes per service (default 1). Requests are balanced over all; `run.json` lists
   * the first.
   */
  readonly instances?: number;
  readonly logLevel?: string;
  /** Called after each step of the start. */
  readonly onStep?: (step: string, tookMs: number) => void;
  /** Called before a step taking long on the first start. */
  readonly onNotice?: (text: string) => void;
  /** Called when a process ends or is restarted while the system runs. */
  readonly events?: SystemEvents;
  /**
   * Called after withdrawals can be accepted and paid through the first venue, before the other connectors
   * start. `run.json` is written after the complete start and contains the opened account, if any.
   */
  readonly openDemoAccount?: (run: RunFile) => Promise<DemoAccount | undefined>;
}

export interface System {
  /** Current content of `run.json`. */
  readonly run: RunFile;
  readonly home: string;
  readonly issuer: LocalIssuer;
  readonly processes: ReadonlyMap<ProcessName, SupervisedProcess>;
  /**
   * Sends a signal. If the signal ends the process, waits for the end. The supervisor restarts the
   * process afterwards.
   */
  kill(name: ProcessName, signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when the present life of a process has ended. */
  ended(name: ProcessName): Promise<Exit>;
  untilReady(name: ProcessName): Promise<void>;
  /**
   * Restarts a program. `nextLife` is added to the environment of only the next life, e.g. `{
   * FAULT_AT: 'ledger.after-commit' }`.
   */
  restart(name: ProgramName, nextLife?: Environment): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts servers, simulator and services on a data folder and supervises them. On any failure all
 * processes are stopped.
 */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const config = {
    ...stackConfig(),
    ...(options.logLevel !== undefined && { logLevel: options.logLevel }),
  };
  const { tls, instances } = { ...config, ...options };
  const layout = layoutOf(options.home ?? config.home);
  const release = takeLock(layout.lock);
  process.once('exit', release);
  await endOrphans(layout.processes);

  const table = new ProcessTable(layout, options.events ?? {});
  for (const [name, environment] of Object.entries(options.environment ?? {}))
    table.setEnvironment(name as ProgramName, environment);
  const ports = await loadPorts(layout.ports);
  const starting = LocalIssuer.start({ file: layout.issuer, port: ports.issuer });
  const issuer = await starting.catch((error: unknown) => {
    release();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await table.stopAll();
    await issuer.stop();
    release();
  };
  try {
    keepPrivate(layout);
    const { endpoints, startOthers } = await bringUp({
      ...BARE,
      ...options,
      tls,
      instances,
      config,
      layout,
      table,
      ports,
      issuer,
    });
    const demo = await options.openDemoAccount?.(table.runFile(endpoints));
    await startOthers();
    table.publish({ ...endpoints, ...(demo && { demo }) });
  } catch (error) {
    await stop();
    throw error;
  }
  return systemOf(table, layout.home, issuer, stop);
}

const BARE = {
  pace: 'real',
  venues: VENUE_NAMES,
  serversOnly: false,
  onStep: () => undefined,
  onNotice: () => undefined,
} as const;

function systemOf(
  table: ProcessTable,
  home: string,
  issuer: LocalIssuer,
  stop: () => Promise<void>,
): System {
  return {
    get run() {
      return table.runFile();
    },
    home,
    issuer,
    processes: table.processes,
    kill: (name, signal = 'SIGKILL') => table.get(name).kill(signal),
    ended: (name) => table.get(name).ended(),
    untilReady: (name) => table.get(name).untilReady(),
    restart: (name, nextLife) => table.restart(name, nextLife),
    stop,
  };
}
