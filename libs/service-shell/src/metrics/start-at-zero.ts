import type { Counter } from 'prom-client';

/**
 * Starts the series of every combination of the given label values at 0. Alerts need these series:
 * Prometheus sees no increase in a series that begins at 1, so the first event would raise no alert.
 */
export function startAtZero<L extends string>(
  counter: Counter<L>,
  values: Readonly<Record<L, readonly string[]>>,
): void {
  let combined: readonly Partial<Record<L, string>>[] = [{}];
  for (const label of Object.keys(values) as L[])
    combined = combined.flatMap((labels) =>
      values[label].map((value) => ({ ...labels, [label]: value })),
    );
  for (const labels of combined) counter.inc(labels, 0);
}
