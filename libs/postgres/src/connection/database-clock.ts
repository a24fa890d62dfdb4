import { BackgroundLoop, type ClockReading, monotonicMs, RemoteClock } from '@sluice/runtime';
import { forAllAccounts } from '../accounts/account-scope.js';
import { isInfrastructureFault } from './faults.js';

/** Maximum clock difference. A process with a larger difference must not do work based on times. */
export const DATABASE_CLOCK_LIMIT_MS = 2_000;

const TIME_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::float8';

export interface DatabaseClockOptions {
  readonly clock?: RemoteClock;
  /** Called after the database's clock was set, with the jump in milliseconds. */
  readonly onJump?: (byMs: number) => void;
}

interface Queryable {
  query<R>(sql: string): Promise<R[]>;
}

/**
 * Clock of the database, shared by a service's processes: read with every common poll, and
 * continued by the monotonic clock.
 */
export class DatabaseClock {
  /** The reading of the common poll. */
  readonly question: PolledQuestion<number> = {
    sql: () => TIME_MS,
    onAnswer: (timeMs, at) => this.observe({ timeMs, ...at }),
  };
  private readonly clock: RemoteClock;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly database: Queryable,
    private readonly options: DatabaseClockOptions = {},
  ) {
    this.clock = options.clock ?? new RemoteClock();
  }

  /** The database's time now. */
  now(): Date {
    const now = this.clock.now();
    if (now === null) throw new Error('the clock of the database was never read');
    return now;
  }

  /**
   * Least difference to this process's clock in ms: positive if the process is ahead, 0 within the
   * uncertainty.
   */
  processIsAheadMs(): number {
    return this.clock.processIsAheadMs() ?? 0;
  }

  /** Why this process's clock is not to be trusted, or null. */
  fault(): string | null {
    const aheadMs = this.processIsAheadMs();
    if (Math.abs(aheadMs) <= DATABASE_CLOCK_LIMIT_MS) return null;
    const side = aheadMs > 0 ? 'ahead of' : 'behind';
    return `this process's clock is ${Math.round(Math.abs(aheadMs) / 1_000)} s ${side} its database's: one of the two machines has a wrong time`;
  }

  /** Reads the clock now, one reading at a time; a time is available after the first. */
  read(): Promise<void> {
    this.reading ??= forAllAccounts(() => this.readOnce()).finally(() => (this.reading = null));
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const askedAtMs = monotonicMs();
    const [row] = await this.database.query<{ ms: number }>(`SELECT ${TIME_MS} AS ms`);
    this.observe({ timeMs: row?.ms ?? NaN, askedAtMs, answeredAtMs: monotonicMs() });
  }

  private observe(reading: ClockReading): void {
    const jumpMs = this.clock.observe(reading);
    if (jumpMs !== 0) this.options.onJump?.(jumpMs);
  }
}

/** Default for the longest time (ms) between two answers. */
const EVERY_MS = 3_000;
/** Time (ms) after which the questions of a blocked statement are asked one by one. */
const LATE_MS = 1_000;

interface AskedAt {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** Question asked of the database for as long as the process runs. */
export interface PolledQuestion<A = unknown> {
  /** Longest time in ms between two answers; default: three seconds. */
  readonly everyMs?: number;
  /** Returns an SQL expression without locks. `param` adds a parameter, and returns its placeholder. */
  readonly sql: (param: (value: unknown) => string) => string;
  onAnswer(answer: A, at: AskedAt): void;
}

interface PolledDatabase {
  query<R>(sql: string, params: readonly unknown[]): Promise<R[]>;
}

/**
 * Asks all periodic questions of a process in one statement per interval: answers wake resting
 * loops (ADR 5). Asked one by one if the statement fails or is blocked. Faults are not logged:
 * other queries report an outage.
 */
export class CommonPoll {
  private readonly questions = new Set<PolledQuestion>();
  private readonly loop: BackgroundLoop;
  private together: Promise<boolean> | null = null;
  /** Questions whose own statement has no answer yet. */
  private readonly apart = new Set<PolledQuestion>();

  constructor(
    private readonly database: PolledDatabase,
    private readonly lateMs = LATE_MS,
  ) {
    this.loop = new BackgroundLoop('common poll', null, () => this.ask().then(() => this.restMs()));
  }

  add<A>(question: PolledQuestion<A>): void {
    this.questions.add(question);
    this.loop.wake();
  }

  /** Wakes a loop for as long as the condition is true. */
  wakeWhile(sql: PolledQuestion['sql'], loop: Pick<BackgroundLoop, 'wake'>): void {
    this.add<boolean>({ sql, onAnswer: (isTrue) => (isTrue ? loop.wake() : undefined) });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Asks once, together with other callers, within twice the time limit. Never throws. */
  ask(): Promise<void> {
    return forAllAccounts(() => this.askAll());
  }

  private async askAll(): Promise<void> {
    this.together ??= this.askTogether().finally(() => (this.together = null));
    if (await inTime(this.together, this.lateMs)) return;
    const waiting = [...this.questions].filter((question) => !this.apart.has(question));
    await inTime(Promise.all(waiting.map((question) => this.askApart(question))), this.lateMs);
  }

  /** Returns false after a fault that may concern a single question. */
  private async askTogether(): Promise<boolean> {
    try {
      await this.answer([...this.questions]);
      return true;
    } catch (error) {
      return isInfrastructureFault(error);
    }
  }

  private async askApart(question: PolledQuestion): Promise<void> {
    this.apart.add(question);
    await this.answer([question]).catch(() => undefined);
    this.apart.delete(question);
  }

  private async answer(questions: readonly PolledQuestion[]): Promise<void> {
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const columnsSql = questions.map(({ sql }, at) => `(${sql(param)}) AS a${at}`).join(', ');
    const askedAtMs = monotonicMs();
    const [row] = await this.database.query<Readonly<Record<string, unknown>>>(
      `SELECT ${columnsSql}`,
      params,
    );
    const answeredAtMs = monotonicMs();
    questions.forEach((question, at) =>
      question.onAnswer(row?.[`a${at}`], { askedAtMs, answeredAtMs }),
    );
  }

  private restMs(): number {
    return Math.min(EVERY_MS, ...[...this.questions].map(({ everyMs = EVERY_MS }) => everyMs));
  }
}

/** Returns the result; false after the time limit. */
async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T | false> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs).unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
