import { setTimeout as sleep } from 'node:timers/promises';
import { Patience } from '@sluice/runtime';
import type { VenueCapabilities } from '@sluice/connector-rules';
import type { Database, Tx } from '@sluice/postgres';
import { callsUnderWay, intervalUs, withLanes, type RateRules } from './rate-rules.js';

/** The next calls reserved for this process: `count` calls, from `startsInMs` on. */
export interface Reservation {
  readonly count: number;
  readonly startsInMs: number;
}

/** A turn before this begins now. */
export const AT_ONCE_MS = 1;

/** Maximum time ahead for reserved slots: instances share fairly and a crash loses little. */
const HORIZON_MS = 100;
/** Longer than any pause of a venue. Afterwards no caller waits: the login can write any time. */
const LONGEST_PAUSE_MS = 660_000;
const WAIT_MS = 5_000;
const SLOW_FOR = '60 seconds';
const MAX_SLOWDOWN = 16;

const PAUSE_ENDS = "statement_timestamp() + $1::float8 * interval '1 millisecond'";
/** Starts a pause of $1 milliseconds with the cause $2. The cause of a longer pause stays. */
const PAUSED = `
  next_free_at = greatest(next_free_at, ${PAUSE_ENDS}),
  pause_cause = CASE WHEN pause_until > ${PAUSE_ENDS} THEN pause_cause ELSE left($2::text, 200) END,
  pause_until = greatest(pause_until, ${PAUSE_ENDS})`;

/**
 * Rate plan of a venue account, shared by all instances through the database (GCRA without burst).
 * A statement reserves as many calls as fit in 100 ms.
 */
export class RatePlan {
  private readonly patience = new Map<string, Patience>();

  constructor(
    private readonly database: Database,
    private rules: RateRules,
  ) {}

  async install(): Promise<void> {
    const rows = Object.entries(this.rules).map(([endpoint, rule]) => ({
      endpoint,
      interval_us: intervalUs(rule),
    }));
    await this.database.query(
      `INSERT INTO rate_slot (endpoint, interval_us)
       SELECT endpoint, interval_us FROM json_to_recordset($1::json) AS r(endpoint text, interval_us bigint)
       ON CONFLICT (endpoint) DO UPDATE
          SET interval_us = EXCLUDED.interval_us,
              next_free_at = CASE WHEN rate_slot.interval_us = EXCLUDED.interval_us THEN rate_slot.next_free_at ELSE now() END`,
      [JSON.stringify(rows)],
    );
  }

  /** Adds the lanes newly needed by the forms. */
  async addLanes(venue: Pick<VenueCapabilities, 'forms'>): Promise<void> {
    this.rules = withLanes(this.rules, venue);
    await this.install();
  }

  /** Calls of an endpoint that may be under way at once, each for at most `limitMs`. */
  underWay(endpoint: string, limitMs: number): number {
    return callsUnderWay(this.rules, endpoint, limitMs);
  }

  /**
   * Reserves up to `wanted` calls. `count` is 0 and `startsInMs` is set if none is free within
   * `horizonMs`. `tx`: the reservation commits with this transaction.
   */
  async reserve(
    endpoint: string,
    wanted: number,
    tx: Pick<Tx, 'query'> = this.database,
    horizonMs = HORIZON_MS,
  ): Promise<Reservation> {
    const [row] = await tx.query<{ count: number; starts_in_ms: number }>(
      `WITH slot AS (
         SELECT endpoint, greatest(next_free_at, clock_timestamp()) AS free_at, clock_timestamp() AS at,
                interval_us * CASE WHEN slow_until > clock_timestamp() THEN slowdown ELSE 1 END AS step
           FROM rate_slot WHERE endpoint = $1 FOR UPDATE),
       grant_ AS (
         SELECT *, CASE WHEN free_at > at + $3::float8 * interval '1 millisecond' THEN 0
                        ELSE least($2::int, greatest(1, ${HORIZON_MS * 1000} / step))::int END AS count FROM slot),
       taken AS (
         UPDATE rate_slot r SET next_free_at = g.free_at + g.count * g.step * interval '1 microsecond'
           FROM grant_ g WHERE r.endpoint = g.endpoint AND g.count > 0)
       SELECT count, (extract(epoch FROM free_at - at) * 1000)::float8 AS starts_in_ms FROM grant_`,
      [endpoint, wanted, horizonMs],
    );
    if (!row) throw new Error(`the rate plan does not know ${endpoint}`);
    return { count: row.count, startsInMs: row.starts_in_ms };
  }

  /** Waits until a call is permitted. */
  async turn(endpoint: string, signal?: AbortSignal): Promise<void> {
    while (!(await this.turnWithin(endpoint, WAIT_MS, signal)))
      await sleep(WAIT_MS, undefined, { ...(signal && { signal }) });
  }

  /** Like `turn`, but returns false at once if the turn is more than `longestMs` away. */
  turnWithin(endpoint: string, longestMs: number, signal?: AbortSignal): Promise<boolean> {
    const patience = this.patience.get(endpoint) ?? new Patience(LONGEST_PAUSE_MS);
    this.patience.set(endpoint, patience);
    return patience.permits(async () => {
      for (;;) {
        const { count, startsInMs } = await this.reserve(endpoint, 1);
        if (count === 0 && startsInMs > longestMs) return false;
        if (startsInMs >= 1) await sleep(startsInMs, undefined, { ...(signal && { signal }) });
        if (count > 0) return true;
      }
    });
  }

  /** True if the interval counts from the end of the previous call: jitter would break the limit. */
  isNarrow(endpoint: string): boolean {
    const rule = this.rules[endpoint];
    return (
      rule !== undefined && intervalUs(rule) >= (rule.limit === 1 ? HORIZON_MS * 1_000 : 1_000_000)
    );
  }

  /** Blocks all turns during a call, for at most `longestMs`. Returns the token for `vacate`. */
  async occupy(endpoint: string, longestMs: number): Promise<string> {
    const [row] = await this.database.query<{ until: string }>(
      `UPDATE rate_slot SET next_free_at = greatest(next_free_at, clock_timestamp() + $2 * interval '1 millisecond') WHERE endpoint = $1
       RETURNING next_free_at::text AS until`,
      [endpoint, longestMs],
    );
    if (!row) throw new Error(`the rate plan does not know ${endpoint}`);
    return row.until;
  }

  /** Ends the block after the call: the interval begins now. A pause begun meanwhile stays. */
  async vacate(endpoint: string, until: string): Promise<void> {
    await this.database.query(
      `UPDATE rate_slot SET next_free_at = clock_timestamp() + interval_us * interval '1 microsecond' WHERE endpoint = $1 AND next_free_at = $2::timestamptz`,
      [endpoint, until],
    );
  }

  /**
   * Reacts to a rate limit: no call for `pauseMs`, then half the rate for a minute (then a quarter
   * …).
   */
  async slowDown(endpoint: string, pauseMs: number, cause: string): Promise<void> {
    await this.database.query(
      `UPDATE rate_slot SET slowdown = least(CASE WHEN slow_until > clock_timestamp() THEN slowdown * 2 ELSE 2 END, ${MAX_SLOWDOWN}),
              slow_until = clock_timestamp() + interval '${SLOW_FOR}', ${PAUSED}
        WHERE endpoint = $3`,
      [pauseMs, cause, endpoint],
    );
  }

  async pause(endpoint: string, pauseMs: number, cause: string): Promise<void> {
    await this.database.query(`UPDATE rate_slot SET ${PAUSED} WHERE endpoint = $3`, [
      pauseMs,
      cause,
      endpoint,
    ]);
  }

  async pauseAll(pauseMs: number, cause: string): Promise<void> {
    await this.database.query(`UPDATE rate_slot SET ${PAUSED}`, [pauseMs, cause]);
  }

  /** Ends the pauses of this cause; a longer pause of another cause stays. */
  async endPause(cause: string): Promise<void> {
    await this.database.query(
      `UPDATE rate_slot SET next_free_at = clock_timestamp(), pause_cause = NULL, pause_until = NULL
        WHERE pause_cause = left($1::text, 200) AND next_free_at = pause_until`,
      [cause],
    );
  }

  /** Forecasts the turns of calls added to the queue of an endpoint. */
  async forecast(
    tx: Tx,
    endpoint: string,
  ): Promise<{ now: Date; freeAt: Date; intervalMs: number }> {
    const [row] = await tx.query<{ now: Date; free_at: Date; interval_us: string }>(
      'SELECT clock_timestamp() AS now, greatest(next_free_at, clock_timestamp()) AS free_at, interval_us::text FROM rate_slot WHERE endpoint = $1',
      [endpoint],
    );
    if (!row) throw new Error(`the rate plan does not know ${endpoint}`);
    return { now: row.now, freeAt: row.free_at, intervalMs: Number(row.interval_us) / 1000 };
  }
}
