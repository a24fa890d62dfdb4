/** Row of a DTO as read from the database: the times are dates. */
export type DatedRow<D> = {
  readonly [F in keyof D]: F extends 'at' | `${string}_at` ? MomentOf<D[F]> : D[F];
};
type MomentOf<T> = null extends T ? Date | null : Date;

/** Writes the dates of a row as text. */
export function withTextTimes<D>(row: DatedRow<D>): D {
  return Object.fromEntries(
    Object.entries(row).map(([field, value]: [string, unknown]) => [
      field,
      value instanceof Date ? value.toISOString() : value,
    ]),
  ) as D;
}
