/**
 * Required interface of a PostgreSQL client; `Client` and `PoolClient` of `pg` fit. The client must
 * be in a transaction, and the caller commits.
 */
export interface SqlClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}
