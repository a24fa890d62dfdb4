import { BackgroundLoop } from '@sluice/background';
import { monotonicMs, RemoteClock } from '@sluice/clock';

/** Further off than this, a process must not be trusted with work that looks at times. */
export const DATABASE_CLOCK_LIMIT_MS = 2_000;

const INTERVAL_MS = 3_000;

export interface DatabaseClockOptions {
  readonly clock?: RemoteClock;
  /** Called when the database's clock was set, with the milliseconds by which it jumped. */
  readonly onJump?: (byMs: number) => void;
}

/** What it needs of a database. */
interface Queryable {
  query<R>(sql: string): Promise<R[]>;
}

/**
 * The clock of the database, which every process of a service shares: what it says is written into rows and compared with them.
 * It is read every few seconds and goes on by the monotonic clock in between, also while the database is away.
 */
export class DatabaseClock {
  private readonly clock: RemoteClock;
  /** Its faults are not logged: what is known goes on meanwhile. */
  private readonly loop: BackgroundLoop;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly database: Queryable,
    private readonly options: DatabaseClockOptions = {},
  ) {
    this.clock = options.clock ?? new RemoteClock();
    this.loop = BackgroundLoop.every(INTERVAL_MS, 'clock of the database', null, () => this.read());
  }

  /** Throws when the first reading fails: from then on there is always a time. */
  async start(): Promise<void> {
    await this.read();
    this.loop.start();
  }

  /** The database's time now. */
  now(): Date {
    const now = this.clock.now();
    if (now === null) throw new Error('the clock of the database was never read');
    return now;
  }

  /** By how many milliseconds at least this process's clock is ahead of the database's; negative: behind; 0 within what the readings leave open. */
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

  /** One reading at a time: while the database is away they would pile up. */
  read(): Promise<void> {
    this.reading ??= this.observe().finally(() => (this.reading = null));
    return this.reading;
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async observe(): Promise<void> {
    const askedAtMs = monotonicMs();
    const [row] = await this.database.query<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    );
    const jumpMs = this.clock.observe({
      timeMs: row?.ms ?? NaN,
      askedAtMs,
      answeredAtMs: monotonicMs(),
    });
    if (jumpMs !== 0) this.options.onJump?.(jumpMs);
  }
}
