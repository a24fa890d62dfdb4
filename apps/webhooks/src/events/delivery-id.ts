/**
 * SQL for the next number of a delivery or event, derived from the database's time. A restored
 * database repeats no number; receivers would drop a second event with the same number.
 */
export const NEXT_ID_SQL = `${firstIdSql('clock_timestamp()')} + nextval('delivery_number') % 2048`;

/** Returns SQL for the smallest number of a time; `momentSql` is the SQL expression of the time. */
export function firstIdSql(momentSql: string): string {
  return `floor(extract(epoch FROM ${momentSql} - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048`;
}
