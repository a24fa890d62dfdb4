import type { Database } from './database.js';

const BATCH = 5_000;

/**
 * Forgets claims older than `before`, at most `BATCH` of them, and answers how many: call again while there are more. Message
 * ids are UUIDs of version 7, so the oldest lie together at the low end of the primary key and no further index is paid for
 * by every claim. An id that is no such UUID may stay for ever, which is harmless.
 * `before` must lie further back than any topic keeps its messages, or a message read again would be new again.
 */
export async function purgeInbox(database: Database, consumer: string, before: Date): Promise<number> {
  const rows = await database.query(
    `DELETE FROM inbox WHERE consumer = $1 AND message_id IN (
       SELECT message_id FROM inbox WHERE consumer = $1 AND message_id < $2 AND claimed_at < $3 ORDER BY message_id LIMIT ${BATCH})
     RETURNING 1`,
    [consumer, lowestIdAt(before), before],
  );
  return rows.length;
}

/** What every UUIDv7 of an earlier moment sorts before. */
function lowestIdAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
