const EDGE = 0.1;

/**
 * Events per second between the first and the last tenth of the events. Neither the delay of the
 * first event nor the end of the load counts. A block confirms many events at once: a result needs
 * several blocks.
 *
 * @param moments Times of the events in milliseconds.
 */
export function steadyRate(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  const from = Math.floor(sorted.length * EDGE);
  const to = Math.ceil(sorted.length * (1 - EDGE)) - 1;
  const ms = (sorted[to] ?? 0) - (sorted[from] ?? 0);
  return ms > 0 ? Number((((to - from) / ms) * 1000).toFixed(1)) : 0;
}
