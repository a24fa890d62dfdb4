import { BackgroundLoop } from '@sluice/runtime';
import type { Database, InvariantReport, Queryable } from '@sluice/postgres';
import { Gauge } from 'prom-client';

const INTERVAL_MS = 60_000;
const ROWS_LOGGED = 20;
/** Advisory lock: a single instance runs the checks at a time. */
const WATCH_LOCK = 7_315_010;

const VIOLATED = new Gauge({
  name: 'sluice_invariant_violations',
  help: 'Rows that violate an invariant, by invariant, at most 1,000 each, as of the newest check. Any value other than 0 is an incident',
  labelNames: ['invariant'],
});

export type Violations = InvariantReport['violations'];

/** Snapshot of the database for one check. */
export interface WatchedSnapshot extends Queryable {
  /** Number of discontinuities of the database, for example restores, seen by this process. */
  readonly generation: number;
}

/** Periodic checks of a service. */
export interface InvariantWatch {
  /** Interval between two checks (ms); default: 60 000. */
  readonly everyMs?: number;
  /** The check. The check must be cheap for any table size. */
  readonly check: (snapshot: WatchedSnapshot, signal?: AbortSignal) => Promise<Violations>;
  /**
   * True if all queries of a check must see the same snapshot. VACUUM keeps the rows of the
   * snapshot, and therefore the check must be short.
   */
  readonly atOneMoment?: boolean;
  /** Called at each check with violations. Default: violations are only logged and counted. */
  readonly onViolation?: (violations: Violations, database: Database) => Promise<void>;
}

/** Subset of a pino logger, implemented by tests. */
interface WatchLogger {
  error(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  info(fields: object, text: string): void;
}

interface WatchOptions {
  readonly database: Database;
  readonly logger: WatchLogger;
  readonly watch: InvariantWatch;
}

/** Starts the periodic checks. A failed check is logged, and repeated at the next interval. */
export function startInvariantWatch(options: WatchOptions): BackgroundLoop {
  const look = watcher(options);
  const { everyMs = INTERVAL_MS } = options.watch;
  const loop = BackgroundLoop.every(everyMs, 'watch over the invariants', options.logger, look);
  loop.start();
  return loop;
}

/** Creates the check function for sequential calls. A continuing violation is logged only once. */
export function watcher({
  database,
  logger,
  watch,
}: WatchOptions): (signal?: AbortSignal) => Promise<void> {
  let reported: ReadonlySet<string> = new Set();
  return async (signal) => {
    const violations = await lookOnce(database, watch, signal);
    VIOLATED.reset();
    if (violations === null) return;
    const violated = new Set(violations.map(({ invariant }) => invariant));
    for (const { invariant, rows } of violations) {
      VIOLATED.set({ invariant: invariant.split(':')[0] ?? invariant }, rows.length);
      if (!reported.has(invariant))
        logger.error({ invariant, rows: rows.slice(0, ROWS_LOGGED) }, 'an invariant is violated');
    }
    for (const invariant of reported)
      if (!violated.has(invariant)) logger.info({ invariant }, 'an invariant holds again');
    reported = violated;
    if (violations.length > 0) await watch.onViolation?.(violations, database);
  };
}

/** Null where another instance looks at this moment. */
function lookOnce(
  database: Database,
  { check, atOneMoment = false }: InvariantWatch,
  signal?: AbortSignal,
): Promise<Violations | null> {
  const isolationSql = atOneMoment ? 'REPEATABLE READ' : 'READ COMMITTED';
  return database.withClient(async (client) => {
    await client.query(`BEGIN ISOLATION LEVEL ${isolationSql} READ ONLY`);
    try {
      await client.query(`SET LOCAL statement_timeout = '10s'`);
      const { rows } = await client.query<{ got: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1) AS got',
        [WATCH_LOCK],
      );
      if (!rows[0]?.got) return null;
      const query = async <R extends object>(sql: string, params: readonly unknown[] = []) =>
        (await client.query<R>(sql, [...params])).rows;
      return await check({ query, generation: database.continuity.generation }, signal);
    } finally {
      await client.query('ROLLBACK');
    }
  });
}
