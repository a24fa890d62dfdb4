import type { Database } from '@sluice/postgres';

export type SnapshotQuery = <R>(sql: string, params?: readonly unknown[]) => Promise<R[]>;

const SERIALIZATION_FAILURE = '40001';
const MOST_ATTEMPTS = 5;

/**
 * Runs work in one transaction whose statements all see the same facts. Otherwise a fact stored
 * between two statements would be compared in the second and be unknown to the first. Repeats the
 * work if another transaction changed a row meanwhile.
 */
export async function inSnapshot<T>(
  database: Pick<Database, 'withClient'>,
  work: (query: SnapshotQuery) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await once(database, work);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== SERIALIZATION_FAILURE || attempt === MOST_ATTEMPTS) throw error;
    }
}

function once<T>(
  database: Pick<Database, 'withClient'>,
  work: (query: SnapshotQuery) => Promise<T>,
): Promise<T> {
  return database.withClient(async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    try {
      const value = await work(
        async <R>(sql: string, params: readonly unknown[] = []) =>
          (await client.query(sql, [...params])).rows as R[],
      );
      await client.query('COMMIT');
      return value;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}
