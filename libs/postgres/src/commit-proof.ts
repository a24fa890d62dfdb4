import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import type { Database } from './database.js';
import { CommitUnknownError, isConnectionLost } from './faults.js';

const LOOKUP_MS = 30_000;
const PAUSE_MS = 100;
/** A backend that has not noticed in this time that its client is gone is told. */
const PATIENCE_MS = 1_000;

/** What identifies a transaction once its connection is gone. */
export interface CommitMark {
  readonly xid: string;
  /**
   * Changes when the server recovers from a crash (statistics start anew), not with an orderly restart. A crash can give the
   * number of a transaction that it lost to another one, so an answer from a later life proves nothing.
   */
  readonly life: string;
  /** When the transaction began, by the database's clock. */
  readonly at: Date;
}

export const COMMIT_MARK = `SELECT pg_current_xact_id()::text AS xid, coalesce((SELECT stats_reset FROM pg_stat_archiver)::text, '') AS life, now() AS at`;

/**
 * A lost answer to COMMIT is not a failure: the database knows what became of the transaction and is asked until it answers.
 * Throws `lost` when it was rolled back, CommitUnknownError when the database cannot tell.
 */
export async function proveCommitted(
  database: Database,
  mark: CommitMark,
  lost: unknown,
): Promise<void> {
  const since = monotonicMs();
  for (; monotonicMs() - since < LOOKUP_MS; await sleep(PAUSE_MS)) {
    const status = await statusOf(database, mark);
    if (status === 'committed') return;
    if (status === 'aborted') throw lost;
    if (status === 'forgotten') break;
    if (status === 'in progress' && monotonicMs() - since > PATIENCE_MS)
      await endBackendOf(database, mark);
  }
  throw new CommitUnknownError(
    `transaction ${mark.xid} was sent to commit and the database cannot say what became of it`,
    { cause: lost },
  );
}

async function statusOf(database: Database, { xid, life }: CommitMark): Promise<string> {
  try {
    const [row] = await database.query<{ status: string | null }>(
      `SELECT CASE WHEN coalesce((SELECT stats_reset FROM pg_stat_archiver)::text, '') = $2 THEN pg_xact_status($1::xid8) END AS status`,
      [xid, life],
    );
    return row?.status ?? 'forgotten';
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    return 'unreachable';
  }
}

/** A session whose client vanished without a word would hold its locks for a minute. */
async function endBackendOf(database: Database, { xid }: CommitMark): Promise<void> {
  await database
    .query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = $1::xid8::xid AND usename = current_user',
      [xid],
    )
    .catch(() => undefined); // asked again in the next round
}
