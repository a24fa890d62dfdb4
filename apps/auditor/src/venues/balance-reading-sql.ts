/** `$1`: rows of a reading; `$2`, `$3`: begin and end of the reading. */
export const KEEP_READING = `
  INSERT INTO venue_balance_reading (venue, currency, total, begun_at, read_at)
  SELECT venue, currency, total, $2, $3 FROM json_to_recordset($1::json) AS r(venue text, currency text, total numeric)`;

export const BALANCES_READ = `
  UPDATE venue_reading SET balances_read_at = greatest(balances_read_at, $2) WHERE venue = $1`;
