/** Names of columns in the URL: `columns=number,state`. */

/** Returns the chosen columns in their own order; the default if the text names no known column. */
export function chosenColumns(
  text: string | undefined,
  all: readonly string[],
  standard: readonly string[],
): readonly string[] {
  const named = text?.split(',') ?? [];
  const known = all.filter((id) => named.includes(id));
  return known.length === 0 ? standard : known;
}

/** Returns the text for the URL; undefined for the default, which keeps the URL short. */
export function columnsText(
  chosen: readonly string[],
  standard: readonly string[],
): string | undefined {
  return chosen.length === standard.length && chosen.every((id) => standard.includes(id))
    ? undefined
    : chosen.join(',');
}
