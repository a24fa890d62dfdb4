import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessGuard } from './process-guard.js';
import { describeExit, lastLines, launch, type Command, type Exit, type Life } from './launch.js';
import { endWhenHung } from './hang-detector.js';
import { keepingAlive, NonRetryable, until } from './wait.js';
import { SetupError } from '../setup-error.js';

export interface SupervisedSpec {
  readonly name: string;
  /** Asked for at each start, so that a restart can differ (a new environment, a cleaned data folder). */
  readonly command: () => Command | Promise<Command>;
  readonly logFile: string;
  /** Resolves when the process does its work (a query, a round trip, HTTP 200); throws while it does not. */
  readonly ready: () => Promise<void>;
  readonly readyTimeoutMs?: number;
  /** Resolves when the process lives, whatever else is away: one that lives and is not ready is waited for, one that hangs is ended. */
  readonly alive?: () => Promise<void>;
  readonly stopSignal?: NodeJS.Signals;
  readonly stopGraceMs?: number;
  /** Restart a process that died after 1 s; longer each time while it does not even become ready. Off for servers of a single test. */
  readonly restart?: boolean;
  readonly guard: ProcessGuard;
  readonly events?: SupervisorEvents;
}

export interface SupervisorEvents {
  onStarted?(name: string, pid: number): void;
  onDied?(name: string, exit: Exit): void;
  onRestarted?(name: string, exit: Exit, afterMs: number, pid: number): void;
  onRestartFailed?(name: string, error: Error): void;
  /** It lives again and cannot work yet, because something else is away. It is left alone. */
  onUnready?(name: string, error: Error): void;
}

export interface SupervisedProcess {
  readonly name: string;
  /** Undefined between two lives. */
  pid(): number | undefined;
  /** Sends a signal, waits for the end if it is one that ends a process, and leaves what follows to the supervisor. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** How the present life ended, once it has. */
  ended(): Promise<Exit>;
  /** Resolves when the process is ready, also after a restart that is under way. */
  untilReady(): Promise<void>;
  /** Stops it, waits for its end, starts it again and waits until it is ready. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const ENDING: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT']);
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Of a process that lives: as long as what it waits for may be away. */
const UNREADY_FOR_MS = 7 * 86_400_000;

/** Starts a process, waits until it is ready, and from then on restarts it when it dies, as Kubernetes would. */
export async function superviseProcess(spec: SupervisedSpec): Promise<SupervisedProcess> {
  const supervisor = new Supervisor(spec);
  try {
    await supervisor.start();
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return supervisor;
}

class Supervisor implements SupervisedProcess {
  readonly name: string;
  private life: Life | undefined;
  private readiness: Promise<void> = Promise.resolve();
  /** Counts the stops: whatever began before one must neither start nor restart anything after it. */
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
    this.pauseMs = FIRST_PAUSE_MS; // only lives that never became ready are answered with longer and longer pauses
    this.spec.events?.onStarted?.(this.name, life.pid);
  }

  async untilReady(): Promise<void> {
    const attempt = async (): Promise<void> => {
      if (this.pid() === undefined) throw new Error('it is not running');
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

  /** To kill what waits for something else would only lose its place, and its clients the answers that it can give. */
  private leaveAlone(life: Life, fault: Error): void {
    this.spec.events?.onUnready?.(this.name, fault);
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

  /** Tries until a new life has begun; how that one ends is answered by its own watch. */
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
