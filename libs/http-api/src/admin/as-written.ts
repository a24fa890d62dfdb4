/** A row with timestamps still as `Date` values. */
export type DatedRow<T> = { readonly [K in keyof T]: T[K] | Date };

/** Converts the timestamps of a row to ISO text for the API response. */
export function asWritten<T extends object>(row: DatedRow<T>): T {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : value,
    ]),
  ) as T;
}
