import type { Database } from '@sluice/postgres';

export type RunQuery = <R>(sql: string, params?: readonly unknown[]) => Promise<R[]>;

/** Runs work in one transaction, which the statement `begin` begins. */
export function inTransaction<T>(
  database: Pick<Database, 'withClient'>,
  begin: string,
  work: (query: RunQuery) => Promise<T>,
): Promise<T> {
  return database.withClient(async (client) => {
    await client.query(begin);
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
