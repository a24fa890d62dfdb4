import { BackgroundLoop, Patience } from '@sluice/runtime';
import type { Database, InvariantReport, Queryable } from '@sluice/postgres';
import { Gauge } from 'prom-client';
import { Check } from '../checks/check.js';
import type { Health } from '../platform/health.js';

const INTERVAL_MS = 60_000;
const ROWS_LOGGED = 20;
/**
 * The lock only spares repeated checks between instances. Any session can hold the lock, and an
 * instance without the lock soon checks all the same.
 */
const WATCH_LOCK = 7_315_010;
/** Fraction of the interval after which a refused or failed check is repeated. */
const AGAIN = 1 / 4;
/** Fraction of the interval after which a refused instance checks without the lock. */
const REFUSED = 1 / 2;

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

export interface InvariantWatch {
  readonly everyMs?: number;
  readonly check: (snapshot: WatchedSnapshot, signal?: AbortSignal) => Promise<Violations>;
  /** All queries in one snapshot, whose rows VACUUM keeps: the check must be short. */
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

/** Starts the checks; a refused or failed one is repeated after a quarter of the interval. */
export function startInvariantWatch({
  health,
  ...options
}: WatchOptions & { readonly health: Health }): BackgroundLoop {
  const { everyMs = INTERVAL_MS } = options.watch;
  const check = health.watch(new Check({ name: 'invariants', everyMs }));
  const look = watcher(options);
  const step = async (signal: AbortSignal): Promise<number> => {
    if (!(await check.run(() => look(signal)))) return AGAIN * everyMs;
    check.completed();
    return everyMs;
  };
  const loop = new BackgroundLoop('watch over the invariants', options.logger, step, {
    firstRestMs: everyMs,
    afterFaultMs: AGAIN * everyMs,
  });
  loop.start();
  return loop;
}

/** Check for sequential calls; false while another instance checks. A violation is logged once. */
export function watcher({
  database,
  logger,
  watch,
}: WatchOptions): (signal?: AbortSignal) => Promise<boolean> {
  const patience = new Patience(REFUSED * (watch.everyMs ?? INTERVAL_MS));
  let reported: ReadonlySet<string> = new Set();
  return async (signal) => {
    const violations = await lookOnce(database, watch, patience, signal);
    if (violations === null) return false;
    VIOLATED.reset();
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
    return true;
  };
}

/** Null where another instance checks at this moment. */
function lookOnce(
  database: Database,
  { check, atOneMoment = false }: InvariantWatch,
  patience: Patience,
  signal?: AbortSignal,
): Promise<Violations | null> {
  const isolationSql = atOneMoment ? 'REPEATABLE READ' : 'READ COMMITTED';
  return database.withClient(async (client) => {
    await client.query(`BEGIN ISOLATION LEVEL ${isolationSql} READ ONLY`);
    try {
      await client.query(`SET LOCAL statement_timeout = '10s'`);
      const query = async <R extends object>(sql: string, params: readonly unknown[] = []) =>
        (await client.query<R>(sql, [...params])).rows;
      const isMine = await patience.permits(async () => {
        const [lock] = await query<{ got: boolean }>(
          'SELECT pg_try_advisory_xact_lock($1) AS got',
          [WATCH_LOCK],
        );
        return lock?.got === true;
      });
      if (!isMine) return null;
      return await check({ query, generation: database.continuity.generation }, signal);
    } finally {
      await client.query('ROLLBACK');
    }
  });
}
