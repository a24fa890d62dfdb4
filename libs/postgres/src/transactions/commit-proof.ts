import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/runtime';
import type { Database } from '../database/database.js';
import { CommitUnknownError, isConnectionLost } from '../connection/faults.js';

const GIVE_UP_AFTER_MS = 30_000;
const RETRY_MS = 100;
/**
 * Then a backend that has not noticed the client's loss is terminated, which ends the transaction.
 */
const TERMINATE_AFTER_MS = 1_000;

/** Identifies a transaction, to look its outcome up after a lost connection. */
export interface TransactionRef {
  readonly xid: string;
  /**
   * Changes with crash recovery, not with a restart. A crash may reuse the number of a lost
   * transaction: an answer under another value proves nothing.
   */
  readonly statsReset: string;
  readonly startedAt: Date;
}

/**
 * Reads the reference, and turns on generic plans for the transaction: all statements go by key,
 * and PostgreSQL would plan some again on each call.
 */
const REFERENCE = `SELECT set_config('plan_cache_mode', 'force_generic_plan', true), pg_current_xact_id()::text AS xid, coalesce((SELECT stats_reset FROM pg_stat_archiver)::text, '') AS "statsReset", now() AS "startedAt"`;

export const TRANSACTION_REF_SQL = REFERENCE;
/** Also sets the account of the transaction. */
export const ACCOUNT_TRANSACTION_REF_SQL = `${REFERENCE}, set_config('sluice.account', $1, true)`;

/**
 * Asks for the outcome after a lost answer to COMMIT, until the database answers: a lost answer is
 * no failure. Throws `lost` after a rollback, CommitUnknownError if the database does not know.
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
    `transaction ${transaction.xid} was sent to commit, and the database cannot report its outcome`,
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

/** A client lost without closing the connection would keep locks for a minute. */
async function terminateBackendOf(database: Database, { xid }: TransactionRef): Promise<void> {
  await database
    .query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = $1::xid8::xid AND usename = current_user',
      [xid],
    )
    .catch(() => undefined); // retried in the next round
}
