const EDGE = 0.1;

/**
 * Events per second between the first and the last tenth of them, whose moments are given in milliseconds: neither how long the first took nor
 * how the load ended counts. Blocks confirm many at once, so it takes some of them to tell.
 */
export function steadyRate(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  const from = Math.floor(sorted.length * EDGE);
  const to = Math.ceil(sorted.length * (1 - EDGE)) - 1;
  const ms = (sorted[to] ?? 0) - (sorted[from] ?? 0);
  return ms > 0 ? Number((((to - from) / ms) * 1000).toFixed(1)) : 0;
}
