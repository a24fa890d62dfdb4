import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/runtime';
import type { Database } from '../database/database.js';
import { CommitUnknownError, isConnectionLost } from '../connection/faults.js';

const GIVE_UP_AFTER_MS = 30_000;
const RETRY_MS = 100;
/**
 * A backend may not notice the loss of the client. After this time the backend is terminated to end
 * the transaction.
 */
const TERMINATE_AFTER_MS = 1_000;

/**
 * Identifies a transaction. The outcome can be looked up with this reference after the connection
 * is lost.
 */
export interface TransactionRef {
  readonly xid: string;
  /**
   * Changes when the server recovers from a crash (statistics are reset), but not on an orderly
   * restart. After a crash the number of a lost transaction may be reused. An answer given under
   * another value therefore proves no outcome.
   */
  readonly statsReset: string;
  /** Start of the transaction by the database's clock. */
  readonly startedAt: Date;
}

/**
 * Reads the transaction's reference and turns on generic plans for the transaction. Each statement
 * is planned once per connection for all values, because all statements access rows by key.
 * PostgreSQL assumes ten elements for an array of unknown length, and would plan some statements
 * again on each call. Queries outside a transaction keep PostgreSQL's own plan choice.
 */
const REFERENCE = `SELECT set_config('plan_cache_mode', 'force_generic_plan', true), pg_current_xact_id()::text AS xid, coalesce((SELECT stats_reset FROM pg_stat_archiver)::text, '') AS "statsReset", now() AS "startedAt"`;

export const TRANSACTION_REF_SQL = REFERENCE;
/** Also sets the account of the transaction. */
export const ACCOUNT_TRANSACTION_REF_SQL = `${REFERENCE}, set_config('sluice.account', $1, true)`;

/**
 * Queries the outcome of a transaction after the answer to COMMIT was lost. A lost answer is not a
 * failure, because the database knows the outcome. The query is repeated until the database
 * answers.
 *
 * Throws `lost` if the transaction was rolled back, and CommitUnknownError if the database does not
 * know the outcome.
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

/**
 * Ends the session of a lost client. A client lost without closing the connection would keep locks
 * for a minute.
 */
async function terminateBackendOf(database: Database, { xid }: TransactionRef): Promise<void> {
  await database
    .query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = $1::xid8::xid AND usename = current_user',
      [xid],
    )
    .catch(() => undefined); // retried in the next round
}
