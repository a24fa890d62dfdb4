import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  SERVICE_NODE_FLAGS,
  startServiceProcess,
  type Environment,
  type ProgramSpec,
  type StackSite,
} from '@sluice/stack';
import type { SupervisedProcess } from '@sluice/test-servers';
import type { InstanceName } from './names.js';

export interface InstanceSpec extends ProgramSpec {
  readonly process: InstanceName;
}

interface InstancePlace {
  /** Checkout with the built services to run. */
  readonly code: string;
  readonly site: StackSite;
}

const MOVED_CLOCK = fileURLToPath(new URL('../clock/moved-clock.js', import.meta.url));

/**
 * Process of a service with a movable clock; restarted after every end, as an orchestrator does.
 */
export class Instance {
  private process: SupervisedProcess | undefined;
  private frozen = false;
  private stopped = false;
  private starting = false;
  /** Number of faults that keep the process down; the last one starts the process. */
  private holds = 0;
  private added: Environment = {};
  private code: string;
  private readonly clockFile: string;
  private offsets = { own: 0, machine: 0 };

  private readonly site: StackSite;

  constructor(
    private readonly spec: InstanceSpec,
    { code, site }: InstancePlace,
  ) {
    this.code = code;
    this.site = site;
    this.clockFile = join(site.layout.home, 'clocks', spec.process);
    mkdirSync(dirname(this.clockFile), { recursive: true });
    this.setClock(0);
  }

  get name(): InstanceName {
    return this.spec.process;
  }

  get logFile(): string {
    return this.site.layout.logOf(this.name);
  }

  get isFrozen(): boolean {
    return this.frozen;
  }

  /** Process id; undefined while the process is restarting. */
  pid(): number | undefined {
    return this.process?.pid();
  }

  async start(): Promise<void> {
    this.holds = Math.max(0, this.holds - 1);
    if (this.isHeld()) return;
    this.stopped = false;
    this.starting = true;
    try {
      if (this.process) await this.process.restart();
      else this.process = await this.launch();
    } catch (error) {
      // Another fault has killed the process meanwhile, and starts it.
      if (!this.isHeld()) throw error;
    } finally {
      this.starting = false;
    }
  }

  /** Stops the process gracefully. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.thaw();
    await this.process?.stop();
  }

  /** Kills the process and leaves the process down until a `start` for each such call. */
  async killAndStay(): Promise<void> {
    this.holds += 1;
    this.stopped = true;
    if (this.process) await killAndStay(this.process);
  }

  /**
   * Sends `kill -9`; the supervisor restarts the process. A process being started by another fault
   * is skipped. Returns true if the signal was sent.
   */
  kill(): boolean {
    if (this.starting) return false;
    this.frozen = false;
    return this.signal('SIGKILL');
  }

  /** Returns true if the process was frozen. */
  freeze(): boolean {
    this.frozen = !this.starting && this.signal('SIGSTOP');
    return this.frozen;
  }

  thaw(): void {
    if (this.frozen) this.signal('SIGCONT');
    this.frozen = false;
  }

  /** Adds to the environment from the next start on. */
  setEnvironment(added: Environment): void {
    this.added = added;
  }

  /** Sets the checkout to run from the next start on. */
  setCode(code: string): void {
    this.code = code;
  }

  /** Sets the offset of the process's time of day in ms, effective immediately. */
  setClock(own: number): void {
    this.moveClock({ ...this.offsets, own });
  }

  /** Sets the offset of the whole machine's time of day in ms, effective immediately. */
  setMachineClock(machine: number): void {
    this.moveClock({ ...this.offsets, machine });
  }

  async isReady(): Promise<boolean> {
    if (this.stopped) return true; // on purpose
    return isOk(this.spec.readyUrls[0] ?? '');
  }

  private isHeld(): boolean {
    return this.holds > 0;
  }

  private moveClock(offsets: { readonly own: number; readonly machine: number }): void {
    this.offsets = offsets;
    writeFileSync(this.clockFile, String(offsets.own + offsets.machine));
  }

  private signal(signal: NodeJS.Signals): boolean {
    if (!this.process || this.pid() === undefined) return false;
    void this.process.kill(signal);
    return true;
  }

  private launch(): Promise<SupervisedProcess> {
    const { aliveUrl = '', environment, name, process } = this.spec;
    return startServiceProcess(
      {
        name,
        process,
        log: process,
        code: () => this.code,
        flags: [...SERVICE_NODE_FLAGS, '--import', MOVED_CLOCK],
        environment: async () => ({
          ...(await environment()),
          ...this.added,
          NEMESIS_CLOCK_FILE: this.clockFile,
        }),
        readyUrls: [aliveUrl],
        readyTimeoutMs: 180_000, // two cores, fourteen services, and faults meanwhile
        stopGraceMs: 25_000,
      },
      this.site,
    );
  }
}

/** Kills the process with SIGKILL and leaves the process down. */
export async function killAndStay(process: SupervisedProcess): Promise<void> {
  const stopping = process.stop(); // marked first: the supervisor must not restart the process
  if (process.pid() !== undefined) await process.kill('SIGKILL');
  await stopping;
}

/** Returns true if the URL answers with a 2xx status. */
export async function isOk(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(3_000);
    const { ok, body } = await fetch(url, { signal, headers: { connection: 'close' } });
    await body?.cancel();
    return ok;
  } catch {
    return false;
  }
}
