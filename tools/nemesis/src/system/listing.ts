import { fieldsOf, rowsOf, type Fields } from './json.js';

/** Returns the records of a listing's document; `path` are the fields down to the records. */
export function recordsIn(document: unknown, path: readonly string[]): readonly Fields[] {
  return rowsOf(path.reduce((part, field) => fieldsOf(part)[field], document));
}

/** Returns the same document with other records. */
export function withRecords(
  document: unknown,
  [field, ...deeper]: readonly string[],
  records: readonly Fields[],
): unknown {
  if (field === undefined) return records;
  const fields = fieldsOf(document);
  return { ...fields, [field]: withRecords(fields[field], deeper, records) };
}
