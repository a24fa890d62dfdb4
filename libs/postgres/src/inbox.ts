import type { Database } from './database.js';

const BATCH = 5_000;

/**
 * Forgets claims older than `days` that lie in no partition by time, because their id is no UUIDv7 or is of a time that had no partition; at most
 * `BATCH` of them, and returns how many: call again while there are more. All others go with their partition.
 * `days` must be more than any topic keeps its messages, or a message read again would be new again.
 */
export async function purgeInbox(database: Pick<Database, 'query'>, days: number): Promise<number> {
  const rows = await database.query(
    `DELETE FROM inbox_default WHERE (consumer, message_id) IN (
       SELECT consumer, message_id FROM inbox_default WHERE claimed_at < now() - make_interval(days => $1) LIMIT ${BATCH})
     RETURNING 1`,
    [days],
  );
  return rows.length;
}
