import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import type { Database } from './database.js';
import { CommitUnknownError, isConnectionLost } from './faults.js';

const GIVE_UP_AFTER_MS = 30_000;
const RETRY_MS = 100;
/** A backend whose client is gone may not notice it; after this long it is terminated, so that its transaction ends. */
const TERMINATE_AFTER_MS = 1_000;

/** Identifies a transaction, so that its outcome can be looked up once its connection is gone. */
export interface TransactionRef {
  readonly xid: string;
  /**
   * Changes when the server recovers from a crash (statistics start anew), not with an orderly restart. A crash can give the
   * number of a transaction that it lost to another one, so an answer given under another value proves nothing.
   */
  readonly statsReset: string;
  /** When the transaction began, by the database's clock. */
  readonly startedAt: Date;
}

/**
 * It also has the statements of this transaction planned once for each connection, whatever their values: all go by key. PostgreSQL would plan some
 * of them again each time, for it takes an array of unknown length for one of ten. Questions outside a transaction keep its own choice.
 */
export const TRANSACTION_REF_SQL = `SELECT set_config('plan_cache_mode', 'force_generic_plan', true), pg_current_xact_id()::text AS xid, coalesce((SELECT stats_reset FROM pg_stat_archiver)::text, '') AS "statsReset", now() AS "startedAt"`;

/**
 * A lost answer to COMMIT is not a failure: the database knows the outcome of the transaction and is asked until it answers.
 * Throws `lost` when it was rolled back, CommitUnknownError when the database does not know it.
 */
export async function proveCommitted(
  database: Database,
  transaction: TransactionRef,
  lost: unknown,
): Promise<void> {
  const since = monotonicMs();
  for (; monotonicMs() - since < GIVE_UP_AFTER_MS; await sleep(RETRY_MS)) {
    const status = await statusOf(database, transaction);
    if (status === 'committed') return;
    if (status === 'aborted') throw lost;
    if (status === 'forgotten') break;
    if (status === 'in progress' && monotonicMs() - since > TERMINATE_AFTER_MS)
      await terminateBackendOf(database, transaction);
  }
  throw new CommitUnknownError(
    `transaction ${transaction.xid} was sent to commit and the database cannot say what became of it`,
    { cause: lost },
  );
}

async function statusOf(database: Database, { xid, statsReset }: TransactionRef): Promise<string> {
  try {
    const [row] = await database.query<{ status: string | null }>(
      `SELECT CASE WHEN coalesce((SELECT stats_reset FROM pg_stat_archiver)::text, '') = $2 THEN pg_xact_status($1::xid8) END AS status`,
      [xid, statsReset],
    );
    return row?.status ?? 'forgotten';
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    return 'unreachable';
  }
}

/** A session whose client vanished without closing its connection would keep its locks for a minute. */
async function terminateBackendOf(database: Database, { xid }: TransactionRef): Promise<void> {
  await database
    .query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = $1::xid8::xid AND usename = current_user',
      [xid],
    )
    .catch(() => undefined); // asked again in the next round
}
