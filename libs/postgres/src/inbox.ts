import type { Database } from './database.js';

const BATCH = 5_000;

/**
 * Forgets claims older than `before` that lie in no part by time, because their id is no UUIDv7 or is of a time that had no part; at most
 * `BATCH` of them, and answers how many: call again while there are more. All others go with their part.
 * `before` must lie further back than any topic keeps its messages, or a message read again would be new again.
 */
export async function purgeInbox(database: Pick<Database, 'query'>, before: Date): Promise<number> {
  const rows = await database.query(
    `DELETE FROM inbox_default WHERE (consumer, message_id) IN (
       SELECT consumer, message_id FROM inbox_default WHERE claimed_at < $1 LIMIT ${BATCH})
     RETURNING 1`,
    [before],
  );
  return rows.length;
}
