/** As JSON writes what PostgreSQL cannot keep in a text: NUL, and half of a surrogate pair. May also match an escaped backslash: that only costs time. */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/**
 * Rows for a parameter that `json_to_recordset` reads. Texts of a venue may hold anything, also where they were cut in the middle of a
 * character: what cannot be kept becomes U+FFFD, since one such row would fail the statement for all others.
 */
export function rowsJson(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  return UNSTORABLE.test(json) ? JSON.stringify(rows, storableValue) : json;
}

/** A text that PostgreSQL keeps and UTF-8 carries. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

function storableValue(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? storable(value) : value;
}
