import type { QueryResultRow } from 'pg';
import { pause } from './load-loops.js';

/** Connection to intake-api's database that reads the rows of all accounts. */
interface IntakeDatabase {
  query<Row extends QueryResultRow>(sql: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** Withdrawals by intake-api's own record. Moments are of the database's clock, in Unix milliseconds. */
export class RecordedWithdrawals {
  constructor(private readonly database: IntakeDatabase) {}

  /** The last public number: withdrawals after the number are of a later load. */
  async lastNumber(): Promise<string> {
    const [row] = await this.rows<{ last: string }>(
      'SELECT coalesce(max(number), 0)::text AS last FROM withdrawal',
    );
    return row?.last ?? '0';
  }

  async now(): Promise<number> {
    const [row] = await this.rows<{ at: Date }>('SELECT clock_timestamp() AS at');
    return row?.at.getTime() ?? Number.NaN;
  }

  /** Number of withdrawals after a number, and of those that have a hold or a refusal, or have ended. */
  async progress(after: string): Promise<{ all: number; ordered: number; ended: number }> {
    const [row] = await this.rows<{ all: number; ordered: number; ended: number }>(
      `SELECT count(*)::int AS all,
              count(*) FILTER (WHERE state <> 'requested')::int AS ordered,
              count(*) FILTER (WHERE state IN ('completed', 'failed', 'rejected', 'cancelled'))::int AS ended
         FROM withdrawal WHERE number > $1`,
      [after],
    );
    return row ?? { all: 0, ordered: 0, ended: 0 };
  }

  /** Waits for the end of all withdrawals after a number; returns the number of open withdrawals. */
  async openAfter(after: string, withinMs: number, ended?: AbortSignal): Promise<number> {
    for (const until = Date.now() + withinMs; ; await pause(250, ended)) {
      const { all, ended: over } = await this.progress(after);
      if (all === over || Date.now() > until || ended?.aborted) return all - over;
    }
  }

  /** Capture times of the completed withdrawals after a number, by number. */
  async capturesAfter(after: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.rows<{ number: string; at: Date }>(
      `SELECT number::text, confirmed_at AS at FROM withdrawal WHERE number > $1 AND state = 'completed'`,
      [after],
    );
    return new Map(rows.map(({ number, at }) => [number, at.getTime()]));
  }

  private async rows<Row extends QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]> {
    return (await this.database.query<Row>(sql, values)).rows;
  }
}
