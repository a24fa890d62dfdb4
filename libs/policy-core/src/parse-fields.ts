/** Document of a rule or a set, before it is read. */
export type DocumentFields = Readonly<Record<string, unknown>>;

export const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
export const TEXT = /^[\x21-\x7e]{1,128}$/;

/** Reads a whole number; `path` ends with the name of the field. */
export function whole(
  faults: string[],
  path: string,
  document: DocumentFields,
  { least, most, absent }: Readonly<Record<'least' | 'most' | 'absent', number>>,
): number {
  const { [path.slice(path.lastIndexOf('.') + 1)]: value = absent } = document;
  if (isWhole(value, least, most)) return value;
  faults.push(`${path}: must be a whole number from ${least} to ${most}`);
  return absent;
}

export function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

export function unknownFields(
  path: string,
  value: DocumentFields,
  known: readonly string[],
): string[] {
  return Object.keys(value)
    .filter((field) => !known.includes(field))
    .map((field) => `${path === '' ? '' : `${path}.`}${field}: is no known field`);
}

export function isMatch(pattern: RegExp, value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}

export function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return values.some((one) => one === value);
}
