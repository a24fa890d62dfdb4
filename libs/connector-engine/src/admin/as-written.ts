/** A row whose instants are still to be written as text. */
export type Row<T> = { readonly [K in keyof T]: T[K] | Date };

/** A row as its answer has it: with instants as text. */
export function asWritten<T extends object>(row: Row<T>): T {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : value,
    ]),
  ) as T;
}
