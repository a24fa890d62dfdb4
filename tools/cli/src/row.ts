import { CliError } from './cli-error.js';

/** A JSON object as an endpoint answered it. Its fields are shown, not trusted. */
export type Row = Readonly<Record<string, unknown>>;

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws a CliError for anything but an object. */
export function rowOf(value: unknown): Row {
  if (!isRow(value)) throw notUnderstood('an object');
  return value;
}

/** Throws a CliError for anything but a list of objects. */
export function rowsOf(value: unknown): readonly Row[] {
  if (!Array.isArray(value) || !value.every(isRow)) throw notUnderstood('a list');
  return value;
}

/** A list where there is one, none where the field is missing. */
export function rowsIn(row: Row, field: string): readonly Row[] {
  return rowsOf(row[field] ?? []);
}

/** Throws a CliError for a field that is missing or no text. */
export function textIn(row: Row, field: string): string {
  const value = row[field];
  if (typeof value !== 'string') throw notUnderstood(`a text in ${field}`);
  return value;
}

function notUnderstood(expected: string): CliError {
  return new CliError(
    `the service answered something else than ${expected}: is it of another version than this command?`,
    2,
  );
}
