/** A row of a list, by its public number as decimal text. */
export interface Numbered {
  readonly number: string;
}

export interface Page<T extends Numbered> {
  readonly rows: readonly T[];
  /** The number below which the next page begins; null on the last one. */
  readonly nextBelow: string | null;
}

/** The newest `limit` rows of several lists, of each of which one more was read than the page may have. */
export function mergedPage<T extends Numbered>(
  lists: readonly (readonly T[])[],
  limit: number,
): Page<T> {
  const newest = lists.flat().toSorted((one, other) => (isBelow(one, other) ? 1 : -1));
  const rows = newest.slice(0, limit);
  return { rows, nextBelow: newest.length > limit ? (rows.at(-1)?.number ?? null) : null };
}

/** No two rows have one number. */
function isBelow(one: Numbered, other: Numbered): boolean {
  return BigInt(one.number) < BigInt(other.number);
}
