import { startGuard, type ProcessGuard } from '../process/guard.js';
import type { SupervisedProcess, SupervisorEvents } from '../process/supervise-process.js';
import type { Layout } from './layout.js';
import { recordProcesses } from './orphans.js';
import { PROCESS_NAMES, removeRunFile, writeRunFile, type ProcessName, type RunFile, type ServiceName } from './run-file.js';
import type { Environment } from './service-environment.js';

/** Everything but the pids, which change with each restart. */
export type Whereabouts = Omit<RunFile, 'processes'>;

/** The processes of one system, and the files that tell the outside of them. */
export class ProcessTable {
  readonly guard: ProcessGuard = startGuard();
  readonly events: SupervisorEvents;
  readonly processes = new Map<ProcessName, SupervisedProcess>();
  private readonly additions = new Map<ServiceName, Environment>();
  private published: Whereabouts | undefined;

  constructor(
    private readonly layout: Layout,
    listener: SupervisorEvents,
  ) {
    this.guard.unlinkAtEnd(layout.run);
    this.events = {
      onStarted: (name, pid) => (this.writeFiles(), listener.onStarted?.(name, pid)),
      onDied: (name, exit) => (this.writeFiles(), listener.onDied?.(name, exit)),
      onRestarted: (...told) => listener.onRestarted?.(...told),
      onRestartFailed: (...told) => listener.onRestartFailed?.(...told),
    };
  }

  adopt(process: SupervisedProcess): void {
    this.processes.set(nameOf(process), process);
    this.writeFiles();
  }

  get(name: ProcessName): SupervisedProcess {
    const process = this.processes.get(name);
    if (!process) throw new Error(`${name} was not started here`);
    return process;
  }

  environmentOf(name: ServiceName): Environment {
    return this.additions.get(name) ?? {};
  }

  setEnvironment(name: ServiceName, environment: Environment): void {
    this.additions.set(name, environment);
  }

  /** From now on `run.json` exists and follows every restart. */
  publish(whereabouts: Whereabouts): void {
    this.published = whereabouts;
    this.writeFiles();
  }

  /** What `run.json` says, or will say once it is published. */
  runFile(whereabouts: Whereabouts | undefined = this.published): RunFile {
    if (!whereabouts) throw new Error('the system is not up yet');
    return { ...whereabouts, processes: Object.fromEntries(this.pids()) };
  }

  /** Services first, so that they drain into servers that still run. */
  async stopAll(): Promise<void> {
    this.published = undefined;
    removeRunFile(this.layout.run);
    const servers: readonly ProcessName[] = ['kafka', 'postgres', 'venue-simulator'];
    const stop = (names: readonly ProcessName[]): Promise<unknown> => Promise.all(names.map(async (name) => this.processes.get(name)?.stop()));
    await stop(PROCESS_NAMES.filter((name) => !servers.includes(name)));
    await stop(servers);
    recordProcesses(this.layout.processes, []);
  }

  private pids(): [ProcessName, number][] {
    return PROCESS_NAMES.flatMap((name): [ProcessName, number][] => {
      const pid = this.processes.get(name)?.pid();
      return pid === undefined ? [] : [[name, pid]];
    });
  }

  private writeFiles(): void {
    recordProcesses(
      this.layout.processes,
      this.pids().map(([, pid]) => pid),
    );
    if (this.published) writeRunFile(this.layout.run, this.runFile());
  }
}

function nameOf(process: SupervisedProcess): ProcessName {
  const name = PROCESS_NAMES.find((known) => known === process.name);
  if (!name) throw new Error(`${process.name} is no process of this system`);
  return name;
}
