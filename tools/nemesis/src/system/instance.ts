import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  SERVICE_NODE_FLAGS,
  startServiceProcess,
  type Environment,
  type StackSite,
} from '@sluice/stack';
import type { SupervisedProcess } from '@sluice/test-servers';
import { serviceOf, type InstanceName } from './names.js';

export interface InstanceSpec {
  readonly name: InstanceName;
  /** Checkout with the built services to run. */
  readonly code: string;
  readonly environment: () => Promise<Environment>;
  readonly healthUrl: string;
  readonly readyUrl: string;
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

  constructor(private readonly spec: InstanceSpec) {
    this.code = spec.code;
    this.clockFile = join(spec.site.layout.home, 'clocks', spec.name);
    mkdirSync(dirname(this.clockFile), { recursive: true });
    this.setClock(0);
  }

  get name(): InstanceName {
    return this.spec.name;
  }

  get logFile(): string {
    return this.spec.site.layout.logOf(this.spec.name);
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
    // marked first: the supervisor must not restart the process
    const ending = this.process?.stop();
    this.signal('SIGKILL');
    await ending;
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
    return this.answers(this.spec.readyUrl);
  }

  async untilHealthy(): Promise<void> {
    await this.process?.untilReady();
  }

  private isHeld(): boolean {
    return this.holds > 0;
  }

  private moveClock(offsets: { readonly own: number; readonly machine: number }): void {
    this.offsets = offsets;
    writeFileSync(this.clockFile, String(offsets.own + offsets.machine));
  }

  private signal(signal: NodeJS.Signals): boolean {
    const pid = this.pid();
    if (pid === undefined) return false;
    try {
      process.kill(pid, signal);
      return true;
    } catch {
      return false; // the process has just ended
    }
  }

  private async answers(url: string): Promise<boolean> {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  private launch(): Promise<SupervisedProcess> {
    const { name, environment, healthUrl, site } = this.spec;
    return startServiceProcess(
      {
        name: serviceOf(name),
        process: name,
        log: name,
        code: () => this.code,
        flags: [...SERVICE_NODE_FLAGS, '--import', MOVED_CLOCK],
        environment: async () => ({
          ...(await environment()),
          ...this.added,
          NEMESIS_CLOCK_FILE: this.clockFile,
        }),
        readyUrls: [healthUrl],
        readyTimeoutMs: 180_000, // two cores, fourteen services, and faults meanwhile
        stopGraceMs: 25_000,
      },
      site,
    );
  }
}
