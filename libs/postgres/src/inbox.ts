import type { Database } from './database.js';

/**
 * Forgets claims older than two weeks that lie in no partition by time, because their id is no UUIDv7 or is of a time that had no partition; a
 * bounded number of them, and returns how many: call again while there are more. All others go with their partition.
 */
export async function purgeInbox(database: Pick<Database, 'query'>): Promise<number> {
  const [row] = await database.query<{ purged: number }>('SELECT purge_inbox() AS purged');
  return row?.purged ?? 0;
}
