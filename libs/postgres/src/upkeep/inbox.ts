import type { Database } from '../database/database.js';

/**
 * Deletes claims older than two weeks in the default partition: their id is no UUIDv7, or no
 * partition existed at their time. Deletes a limited number per call and returns the number of
 * deleted claims. Call again while the result is above zero. All other claims are dropped with
 * their partition.
 */
export async function purgeInbox(database: Pick<Database, 'query'>): Promise<number> {
  const [row] = await database.query<{ purged: number }>('SELECT purge_inbox() AS purged');
  return row?.purged ?? 0;
}
