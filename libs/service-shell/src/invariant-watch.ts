import { BackgroundLoop } from '@sluice/background';
import type { Database, InvariantReport, Queryable } from '@sluice/postgres';
import { Gauge } from 'prom-client';

const INTERVAL_MS = 60_000;
const ROWS_LOGGED = 20;
/** Whoever has it looks this time: any number of instances costs the database what one does. */
const WATCH_LOCK = 7_315_010;

const VIOLATED = new Gauge({
  name: 'sluice_invariant_violations',
  help: 'Rows that break an invariant, by invariant, up to 1,000 of each, as the instance saw them that looked last. Anything but 0 is an incident',
  labelNames: ['invariant'],
});

export type Violations = InvariantReport['violations'];

/** What a service looks at by itself. */
export interface InvariantWatch {
  /** How long it rests between two looks; a minute unless told. */
  readonly everyMs?: number;
  /** What must be cheap, whatever has gathered in the tables. */
  readonly check: (query: Queryable, signal?: AbortSignal) => Promise<Violations>;
  /** True where all queries of a look must see one moment. Vacuum leaves what was there then, so such a look must be short. */
  readonly atOneMoment?: boolean;
  /** What is done about violations, at each look that finds some. Without it they are logged and counted. */
  readonly onViolation?: (violations: Violations, database: Database) => Promise<void>;
}

/** What a pino logger can do, and a test. */
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

/** A look that fails is logged, and done again the next time. */
export function startInvariantWatch(options: WatchOptions): BackgroundLoop {
  const look = watcher(options);
  const { everyMs = INTERVAL_MS } = options.watch;
  const loop = BackgroundLoop.every(everyMs, 'watch over the invariants', options.logger, look);
  loop.start();
  return loop;
}

/** One look at a time: what an earlier one has reported is not logged again while it lasts. */
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
      return await check({ query }, signal);
    } finally {
      await client.query('ROLLBACK');
    }
  });
}
