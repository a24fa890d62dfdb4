import { setTimeout as sleep } from 'node:timers/promises';
import {
  SetupError,
  diskFault,
  isAlive,
  programOf,
  readJsonFile,
  startGuard,
  writeJsonFile,
  type ProcessGuard,
  type SupervisedProcess,
  type SupervisorEvents,
} from '@sluice/test-servers';
import { CHAIN_NAMES } from '../tables/local-chains.js';
import type { Layout } from '../layout/layout.js';
import type { PortBalancer } from './port-balancer.js';
import {
  BROKER_NAMES,
  PROCESS_NAMES,
  removeRunFile,
  writeRunFile,
  type ProcessName,
  type ProgramName,
  type RunFile,
} from '../layout/run-file.js';
import type { Environment } from './service-environment.js';

const WRITE_AGAIN_MS = 5_000;

/** Events of a running system. */
export interface SystemEvents extends SupervisorEvents {
  /** The data folder takes no writes: the processes go on, run.json and processes.json are late. */
  onCannotWrite?(error: Error): void;
  onWritesAgain?(): void;
}

/** Run file without the pids, because the pids change with each restart. */
export type Endpoints = Omit<RunFile, 'processes'>;

/** Processes of a system, with the files naming them (run.json, processes.json). */
export class ProcessTable {
  readonly guard: ProcessGuard = startGuard();
  readonly events: SupervisorEvents;
  readonly processes = new Map<ProcessName, SupervisedProcess>();
  private readonly instances: SupervisedProcess[] = [];
  private balancer: PortBalancer | undefined;
  private readonly additions = new Map<ProgramName, Environment>();
  /** Environments of lives not started yet, by process name, with an entry for each instance. */
  private readonly nextLives = new Map<ProgramName, Environment[]>();
  private published: Endpoints | undefined;
  private writingAgain: NodeJS.Timeout | undefined;

  constructor(
    private readonly layout: Layout,
    private readonly listener: SystemEvents,
  ) {
    this.guard.unlinkAtEnd(layout.run);
    this.events = {
      onStarted: (name, pid) => (this.writeFiles(), listener.onStarted?.(name, pid)),
      onDied: (name, exit) => (this.writeFiles(), listener.onDied?.(name, exit)),
      onRestarted: (...event) => listener.onRestarted?.(...event),
      onUnready: (...event) => listener.onUnready?.(...event),
      onRestartFailed: (...event) => listener.onRestartFailed?.(...event),
    };
  }

  /** Adds a process. A second process of the same name becomes another instance. */
  adopt(process: SupervisedProcess): void {
    const name = nameOf(process);
    const first = this.processes.get(name);
    this.processes.set(name, first ? asOneProcess(first, process) : process);
    this.instances.push(process);
    this.writeFiles();
  }

  get(name: ProcessName): SupervisedProcess {
    const process = this.processes.get(name);
    if (!process) throw new Error(`${name} was not started here`);
    return process;
  }

  adoptBalancer(balancer: PortBalancer): void {
    this.balancer = balancer;
  }

  /**
   * Returns the additional environment of the next life. An environment for a single life is used
   * up by the call.
   */
  environmentOf(name: ProgramName): Environment {
    return { ...this.additions.get(name), ...this.nextLives.get(name)?.pop() };
  }

  setEnvironment(name: ProgramName, environment: Environment): void {
    this.additions.set(name, environment);
  }

  /**
   * Restarts all instances. `nextLife` is added to the environment of only the next life of each
   * instance.
   */
  async restart(name: ProgramName, nextLife: Environment = {}): Promise<void> {
    const instances = this.instances.filter((process) => process.name === name);
    this.nextLives.set(
      name,
      instances.map(() => nextLife),
    );
    await this.get(name).restart();
  }

  /** Writes `run.json`, and updates the file on every restart. */
  publish(endpoints: Endpoints): void {
    this.published = endpoints;
    this.writeFiles();
  }

  /** Returns the current content of `run.json`, or the future content before publication. */
  runFile(endpoints: Endpoints | undefined = this.published): RunFile {
    if (!endpoints) throw new Error('the system has not started yet');
    return { ...endpoints, processes: Object.fromEntries(this.pids()) };
  }

  /** Stops all processes. Services stop first, to drain into running servers. */
  async stopAll(): Promise<void> {
    this.published = undefined;
    clearTimeout(this.writingAgain);
    unlessDiskRefuses(() => removeRunFile(this.layout.run));
    const servers: readonly ProcessName[] = [
      ...BROKER_NAMES,
      ...CHAIN_NAMES,
      'postgres',
      'venue-simulator',
    ];
    const stop = (names: readonly ProcessName[]): Promise<unknown> =>
      Promise.all(names.map(async (name) => this.processes.get(name)?.stop()));
    await stop(PROCESS_NAMES.filter((name) => !servers.includes(name)));
    await stop(servers);
    this.balancer?.close();
    unlessDiskRefuses(() => recordProcesses(this.layout.processes, []));
  }

  private pids(): [ProcessName, number][] {
    return PROCESS_NAMES.flatMap((name): [ProcessName, number][] => {
      const pid = this.processes.get(name)?.pid();
      return pid === undefined ? [] : [[name, pid]];
    });
  }

  /**
   * Writes the files. A disk fault stops no running process: the write is retried until the disk
   * accepts writes again.
   */
  private writeFiles(): void {
    const fault = unlessDiskRefuses(() => {
      recordProcesses(
        this.layout.processes,
        this.instances.flatMap((process) => process.pid() ?? []),
      );
      if (this.published) writeRunFile(this.layout.run, this.runFile());
    });
    if (fault && !this.writingAgain) this.listener.onCannotWrite?.(fault);
    if (!fault && this.writingAgain) this.listener.onWritesAgain?.();
    clearTimeout(this.writingAgain);
    this.writingAgain = fault
      ? setTimeout(() => this.writeFiles(), WRITE_AGAIN_MS).unref()
      : undefined;
  }
}

/**
 * Returns the disk fault, if any. Readers of the files must check old pids and addresses still on
 * the disk.
 */
function unlessDiskRefuses(write: () => void): Error | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    const fault = error instanceof SetupError ? error : diskFault(error);
    if (!fault) throw error;
    return fault;
  }
}

function nameOf(process: SupervisedProcess): ProcessName {
  const name = PROCESS_NAMES.find((known) => known === process.name);
  if (!name) throw new Error(`${process.name} is not a process of this system`);
  return name;
}

/**
 * Combines two instances of a service into a single process: each operation runs on both. The
 * combined process has ended after either instance has ended.
 */
function asOneProcess(one: SupervisedProcess, another: SupervisedProcess): SupervisedProcess {
  const each = async (ask: (process: SupervisedProcess) => Promise<void>): Promise<void> =>
    void (await Promise.all([one, another].map(ask)));
  return {
    name: one.name,
    // Undefined until both instances run: waiting for the next life means waiting for both.
    pid: () => (another.pid() === undefined ? undefined : one.pid()),
    kill: (signal) => each((process) => process.kill(signal)),
    ended: () => Promise.race([one.ended(), another.ended()]),
    untilReady: () => each((process) => process.untilReady()),
    restart: () => each((process) => process.restart()),
    stop: () => each((process) => process.stop()),
  };
}

interface Recorded {
  readonly pid: number;
  readonly program: string;
}

/**
 * Records the running processes, to let the next start end processes left by a crash. The guard
 * ends them earlier if the guard survived.
 */
function recordProcesses(file: string, pids: readonly number[]): void {
  writeJsonFile(
    file,
    pids.map((pid): Recorded => ({ pid, program: programOf(pid) })),
  );
}

/**
 * Ends processes still running from an earlier start. A pid reused by another program is ignored.
 */
export async function endOrphans(file: string): Promise<readonly number[]> {
  const recorded = readJsonFile<readonly Recorded[]>(file) ?? [];
  const lives = ({ pid, program }: Recorded): boolean =>
    program !== '' && isAlive(pid) && programOf(pid) === program;
  const orphans = recorded.filter(lives);
  for (const { pid } of orphans) process.kill(pid, 'SIGINT');
  for (let tenths = 0; tenths < 80 && orphans.some(lives); tenths += 1) await sleep(100);
  for (const { pid } of orphans.filter(lives)) process.kill(pid, 'SIGKILL');
  return orphans.map(({ pid }) => pid);
}
