/** What is asked of a client of PostgreSQL: a `Client` or `PoolClient` of `pg` has it. A transaction has begun on it, and its owner commits. */
export interface SqlClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}
