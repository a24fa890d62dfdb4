/** The candidate that takes the fewest keystrokes to reach; the first of equals. Empty text when there is none. */
export function nearest(given: string, candidates: readonly string[]): string {
  const [best = ''] = candidates.toSorted((a, b) => keystrokes(given, a) - keystrokes(given, b));
  return best;
}

/** Letters to insert, delete or replace. */
function keystrokes(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...to].entries()) {
      next.push(
        Math.min(
          (row[column] ?? 0) + (letter === other ? 0 : 1),
          (row[column + 1] ?? 0) + 1,
          (next[column] ?? 0) + 1,
        ),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
