import { type Exit, LocalIssuer, type SupervisedProcess, takeLock } from '@sluice/test-servers';
import { stackConfig } from './config.js';
import type { ServiceName } from '../tables/services.js';
import type { FirstVenue, VenueName } from '../tables/venues.js';
import { bringUp } from './bring-up.js';
import type { LaunchOptions, LaunchedService } from './service-process.js';
import { keepPrivate, layoutOf, loadPorts } from '../layout/layout.js';
import { ProcessTable, endOrphans, type SystemEvents } from './process-table.js';
import type { DemoAccount, ProcessName, RunFile, ProgramName } from '../layout/run-file.js';
import type { Environment } from './service-environment.js';
import { planOf, type SystemPlan } from './system-plan.js';

interface SystemOptions extends Partial<SystemPlan> {
  /** Data folder; two systems may run side by side on two folders. */
  readonly home?: string;
  readonly venues?: readonly [FirstVenue, ...VenueName[]];
  /** Called after each step of the start. */
  readonly onStep?: (step: string, tookMs: number) => void;
  /** Called before a step taking long on the first start. */
  readonly onNotice?: (text: string) => void;
  /**
   * True: a service that is not ready stops nothing else, and `events.onUnready` names it. Default:
   * the start fails.
   */
  readonly keepsUnready?: boolean;
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
  /**
   * Starts an additional process of a service, beside the supervised processes. The caller stops
   * the process before the system.
   */
  launch(name: ServiceName, options?: LaunchOptions): Promise<LaunchedService>;
  stop(): Promise<void>;
}

/**
 * Starts servers, simulator and services on a data folder and supervises them. On a failure all
 * processes are stopped.
 */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const config = stackConfig();
  const plan = planOf(options, config);
  const layout = layoutOf(options.home ?? config.home);
  const release = takeLock(layout.lock);
  process.once('exit', release);
  await endOrphans(layout.processes);

  const table = new ProcessTable(layout, options.events ?? {});
  for (const [name, environment] of Object.entries(plan.environment))
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
    const up = await bringUp({
      ...SILENT,
      ...options,
      plan,
      config,
      layout,
      table,
      ports,
      issuer,
    });
    const { endpoints } = up;
    const demo = await options.openDemoAccount?.(table.runFile(endpoints));
    await up.startOthers();
    table.publish({ ...endpoints, ...(demo && { demo }) });
    return systemOf(table, layout.home, { issuer, stop, launch: up.launch });
  } catch (error) {
    await stop();
    throw error;
  }
}

const SILENT = {
  onStep: () => undefined,
  onNotice: () => undefined,
  keepsUnready: false,
} as const;

function systemOf(
  table: ProcessTable,
  home: string,
  parts: Pick<System, 'issuer' | 'launch' | 'stop'>,
): System {
  return {
    ...parts,
    get run() {
      return table.runFile();
    },
    home,
    processes: table.processes,
    kill: (name, signal = 'SIGKILL') => table.get(name).kill(signal),
    ended: (name) => table.get(name).ended(),
    untilReady: (name) => table.get(name).untilReady(),
    restart: (name, nextLife) => table.restart(name, nextLife),
  };
}
