/**
 * The number of a delivery or an event is made of the database's time, so that a restored database gives none again: receivers would drop a
 * second event of the same number.
 */
export const NEXT_ID_SQL = `${firstIdSql('clock_timestamp()')} + nextval('delivery_number') % 2048`;

/** The least number of a moment, which is the expression `momentSql`. */
export function firstIdSql(momentSql: string): string {
  return `floor(extract(epoch FROM ${momentSql} - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048`;
}
