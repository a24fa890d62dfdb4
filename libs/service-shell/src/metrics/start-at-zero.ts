import type { Counter } from 'prom-client';

/**
 * Starts a series per combination of labels at 0: Prometheus sees no increase in one that begins at
 * 1.
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
