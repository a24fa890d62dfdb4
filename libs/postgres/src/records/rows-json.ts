/**
 * Matches text in JSON that PostgreSQL cannot store: NUL and unpaired surrogates. May also match an
 * escaped backslash, at the cost of time only.
 */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/**
 * Serialises rows for a `json_to_recordset` parameter. Venue texts may contain any character, and
 * may be cut within a character. Unstorable characters become U+FFFD, since one bad row would fail
 * the statement for all rows.
 */
export function rowsJson(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  return UNSTORABLE.test(json) ? JSON.stringify(rows, storableValue) : json;
}

/** Returns text storable by PostgreSQL and valid in UTF-8. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

function storableValue(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? storable(value) : value;
}
