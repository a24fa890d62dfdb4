import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessGuard } from './process-guard.js';
import {
  describeExit,
  endWhenHung,
  lastLines,
  launch,
  type Exit,
  type Life,
  type ServerCommand,
} from './launch.js';
import { keepingAlive, NonRetryable, until } from './wait.js';
import { SetupError } from '../machine/files.js';

export interface SupervisedSpec {
  readonly name: string;
  /**
   * Called on each start; a restart may use a different command (a new environment, a cleaned data
   * folder).
   */
  readonly command: () => ServerCommand | Promise<ServerCommand>;
  readonly logFile: string;
  /** Resolves if the process is working (a query, a round trip, HTTP 200); throws otherwise. */
  readonly ready: () => Promise<void>;
  readonly readyTimeoutMs?: number;
  /**
   * Resolves if the process is alive, even if dependencies are unavailable. A living process not
   * yet ready is awaited; a hung process is killed.
   */
  readonly alive?: () => Promise<void>;
  readonly stopSignal?: NodeJS.Signals;
  readonly stopGraceMs?: number;
  /**
   * Restarts a dead process after 1 s. The delay grows while the process does not become ready.
   * Default: off, for servers of a single test.
   */
  readonly restart?: boolean;
  /**
   * True: the first start is treated like a restart. A living process not yet ready is awaited, a
   * dead process is restarted, and `onUnready` reports the cause. Default: the first start fails.
   */
  readonly keepsUnready?: boolean;
  readonly guard: ProcessGuard;
  readonly events?: SupervisorEvents;
}

export interface SupervisorEvents {
  onStarted?(name: string, pid: number): void;
  onDied?(name: string, exit: Exit): void;
  onRestarted?(name: string, exit: Exit, afterMs: number, pid: number): void;
  onRestartFailed?(name: string, error: Error): void;
  /**
   * Called with the cause if a started process is not ready in time. The supervisor continues with
   * the process.
   */
  onUnready?(name: string, error: Error): void;
}

export interface SupervisedProcess {
  readonly name: string;
  /** Undefined between two lives. */
  pid(): number | undefined;
  /**
   * Sends a signal. If the signal ends processes, waits for the end. The supervisor decides about a
   * restart.
   */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Resolves with the exit of the present run, after the end. */
  ended(): Promise<Exit>;
  /** Resolves if the process is ready, also after a restart in progress. */
  untilReady(): Promise<void>;
  /** Stops the process, waits for the end, starts the process again and waits until ready. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const ENDING: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT']);
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Maximum wait for a living process, equal to the longest outage of a dependency. */
const UNREADY_FOR_MS = 7 * 86_400_000;

/**
 * Starts a process and waits until ready, or until given up with `keepsUnready`. Restarts the
 * process after each death, like Kubernetes, if `restart` is set.
 */
export async function superviseProcess(spec: SupervisedSpec): Promise<SupervisedProcess> {
  const supervisor = new Supervisor(spec);
  try {
    await supervisor.start();
  } catch (error) {
    if (spec.keepsUnready && (await supervisor.goesOn(error))) return supervisor;
    await supervisor.stop();
    throw error;
  }
  return supervisor;
}

class Supervisor implements SupervisedProcess {
  readonly name: string;
  private life: Life | undefined;
  private readiness: Promise<void> = Promise.resolve();
  /** Number of stops: operations started before a stop must not start a process after the stop. */
  private stops = 0;
  private pauseMs = FIRST_PAUSE_MS;

  constructor(private readonly spec: SupervisedSpec) {
    this.name = spec.name;
  }

  pid(): number | undefined {
    return this.life?.exit() === undefined ? this.life?.pid : undefined;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const life = this.presentLife();
    life.signal(signal);
    if (ENDING.has(signal)) await keepingAlive(life.ended);
  }

  async ended(): Promise<Exit> {
    return keepingAlive(this.presentLife().ended);
  }

  async start(): Promise<void> {
    const { stops } = this;
    const command = await this.spec.command();
    if (this.stops !== stops) throw new Error(`${this.name} was stopped before it began`);
    const life = await launch(this.name, command, this.spec.logFile);
    this.life = life;
    this.spec.guard.watch(life.pid);
    void this.watch(life);
    if (this.spec.alive) void endWhenHung(life, this.spec.alive, () => this.stops === stops);
    this.readiness = this.awaitReady(life);
    await this.readiness;
    this.pauseMs = FIRST_PAUSE_MS; // the delay grows only for runs never ready
    this.spec.events?.onStarted?.(this.name, life.pid);
  }

  /** Continues after a failed first start. Returns false if no process was started. */
  async goesOn(error: unknown): Promise<boolean> {
    const { life } = this;
    if (life === undefined) return false;
    const fault = error instanceof Error ? error : new Error(String(error));
    if (life.exit()) this.spec.events?.onUnready?.(this.name, fault);
    else if (await this.lives()) this.leaveAlone(life, fault);
    else {
      this.spec.events?.onUnready?.(this.name, fault);
      life.signal('SIGKILL'); // neither ready nor alive
    }
    return true;
  }

  async untilReady(): Promise<void> {
    const attempt = async (): Promise<void> => {
      if (this.pid() === undefined) throw new Error('the process is not running');
      await this.readiness;
    };
    await until(`${this.name} is not ready`, attempt, this.spec.readyTimeoutMs ?? 30_000);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    this.stops += 1;
    const life = this.life;
    if (!life || life.exit()) return;
    life.signal(this.spec.stopSignal ?? 'SIGTERM');
    const grace = new AbortController();
    const killLater = sleep(this.spec.stopGraceMs ?? 10_000, undefined, {
      signal: grace.signal,
    }).then(
      () => life.signal('SIGKILL'),
      () => undefined,
    );
    await life.ended;
    grace.abort();
    await killLater;
  }

  private async lives(): Promise<boolean> {
    return (
      this.spec.alive?.().then(
        () => true,
        () => false,
      ) ?? false
    );
  }

  /**
   * Keeps a process waiting for a dependency. Killing the process would lose the progress, and
   * clients would lose the responses still possible.
   */
  private leaveAlone(life: Life, fault: Error): void {
    this.spec.events?.onUnready?.(this.name, fault.cause instanceof Error ? fault.cause : fault);
    this.readiness = this.awaitReady(life, UNREADY_FOR_MS);
    this.readiness.then(
      () => {
        this.pauseMs = FIRST_PAUSE_MS;
        this.spec.events?.onStarted?.(this.name, life.pid);
      },
      () => undefined,
    );
  }

  private presentLife(): Life {
    if (!this.life || this.life.exit()) throw new Error(`${this.name} is not running`);
    return this.life;
  }

  private async awaitReady(
    life: Life,
    withinMs = this.spec.readyTimeoutMs ?? 30_000,
  ): Promise<void> {
    const attempt = async (): Promise<void> => {
      const exit = life.exit();
      if (exit)
        throw new NonRetryable(
          new SetupError(
            `${this.name} ended at start (${describeExit(exit)}). ${this.spec.logFile} ends with:\n${lastLines(this.spec.logFile)}`,
          ),
        );
      await this.spec.ready();
    };
    await until(`${this.name} is not ready (its log is ${this.spec.logFile})`, attempt, withinMs);
  }

  private async watch(life: Life): Promise<void> {
    const { stops } = this;
    const exit = await life.ended;
    this.spec.guard.forget(life.pid);
    if (this.stops !== stops) return;
    this.spec.events?.onDied?.(this.name, exit);
    if (this.spec.restart) await this.revive(life, exit, stops);
  }

  /** Retries until a new run has started; the new run's own watch handles the next end. */
  private async revive(dead: Life, exit: Exit, stops: number): Promise<void> {
    const diedAt = Date.now();
    for (;;) {
      await sleep(this.pauseMs);
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
      if (this.stops !== stops || this.life !== dead) return;
      try {
        await this.start();
        this.spec.events?.onRestarted?.(this.name, exit, Date.now() - diedAt, this.pid() ?? 0);
      } catch (error) {
        const fault = error instanceof Error ? error : new Error(String(error));
        const life = this.life;
        if (life === undefined || life === dead || life.exit())
          this.spec.events?.onRestartFailed?.(this.name, fault);
        else if (await this.lives()) return this.leaveAlone(life, fault);
        else {
          this.spec.events?.onRestartFailed?.(this.name, fault);
          life.signal('SIGKILL'); // neither ready nor alive
        }
      }
    }
  }
}
