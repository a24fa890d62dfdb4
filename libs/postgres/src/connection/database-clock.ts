import { forAllAccounts } from '../accounts/account-scope.js';
import { type ClockReading, monotonicMs, RemoteClock } from '@sluice/runtime';
import type { PolledQuestion } from './common-poll.js';

/** Maximum clock difference. A process with a larger difference must not do work based on times. */
export const DATABASE_CLOCK_LIMIT_MS = 2_000;

const TIME_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::float8';

export interface DatabaseClockOptions {
  readonly clock?: RemoteClock;
  /** Called after the database's clock was set, with the jump in milliseconds. */
  readonly onJump?: (byMs: number) => void;
}

/** Part of a database used by the clock. */
interface Queryable {
  query<R>(sql: string): Promise<R[]>;
}

/**
 * Clock of the database, shared by all processes of a service: the times are stored in rows and
 * compared with them. The database's clock is read with every common poll. Between readings, and
 * while the database is unreachable, the time continues by the monotonic clock.
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
   * Minimum difference in milliseconds between this process's clock and the database's clock.
   * Positive: the process is ahead. Negative: the process is behind. 0: the difference is within
   * the uncertainty of the readings.
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

  /**
   * Reads the database's clock now; a time is available after the first reading. Only one reading
   * runs at a time, because readings would pile up while the database is unreachable.
   */
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
