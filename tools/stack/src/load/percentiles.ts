/** Nearest-rank percentiles of a sample, in the sample's own unit; 0 for an empty sample. */
export function percentiles(sample: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = [...sample].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
