/** Row of a list, identified by the public number as decimal text. */
export interface Numbered {
  readonly number: string;
}

export interface Page<T extends Numbered> {
  readonly rows: readonly T[];
  /** Upper bound (exclusive) of the next page; null on the last page. */
  readonly nextBelow: string | null;
}

/**
 * Returns the newest `limit` rows of several lists. Each list must be read up to `limit + 1` rows,
 * to detect a next page.
 */
export function mergedPage<T extends Numbered>(
  lists: readonly (readonly T[])[],
  limit: number,
): Page<T> {
  const newest = lists.flat().toSorted((one, other) => (isBelow(one, other) ? 1 : -1));
  const rows = newest.slice(0, limit);
  return { rows, nextBelow: newest.length > limit ? (rows.at(-1)?.number ?? null) : null };
}

/** Numbers are unique across all rows. */
function isBelow(one: Numbered, other: Numbered): boolean {
  return BigInt(one.number) < BigInt(other.number);
}
