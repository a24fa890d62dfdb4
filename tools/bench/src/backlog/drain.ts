/** Start of the connector, and capture time of each withdrawal; Unix milliseconds. */
export interface Moments {
  readonly startedAt: number;
  readonly captured: readonly number[];
}

export interface Drain {
  readonly captured: number;
  /** Between the first capture and the last. */
  readonly drain_per_second: number;
  /**
   * Rates of the slowest and the fastest fifth of the captures in order: shows how even the drain
   * is.
   */
  readonly slowest_fifth_per_second: number;
  readonly fastest_fifth_per_second: number;
  /** Time from the start of the connector's process to the first capture, and to the last. */
  readonly first_after_s: number;
  readonly drained_after_s: number;
}

/**
 * Measures the drain of a backlog. The start of the process is reported separately and is not part
 * of the rate.
 */
export function drainOf({ startedAt, captured }: Moments): Drain {
  const moments = captured.toSorted((a, b) => a - b);
  const fifth = Math.ceil(moments.length / 5);
  const fifths = [0, 1, 2, 3, 4].map((n) =>
    rateOf(moments.slice(Math.max(0, n * fifth - 1), (n + 1) * fifth)),
  );
  const after = (at: number | undefined): number =>
    Number((((at ?? startedAt) - startedAt) / 1_000).toFixed(1));
  return {
    captured: moments.length,
    drain_per_second: rateOf(moments),
    slowest_fifth_per_second: Math.min(...fifths),
    fastest_fifth_per_second: Math.max(...fifths),
    first_after_s: after(moments[0]),
    drained_after_s: after(moments.at(-1)),
  };
}

function rateOf(moments: readonly number[]): number {
  const ms = (moments.at(-1) ?? 0) - (moments[0] ?? 0);
  return ms > 0 ? Math.round(((moments.length - 1) * 1_000) / ms) : 0;
}
