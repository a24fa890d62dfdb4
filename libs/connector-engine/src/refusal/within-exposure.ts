import type { Amount } from '@sluice/kernel';

export interface FastRelease {
  readonly withdrawalId: string;
  /** Null for an asset without a price: a single look-up never releases the asset. */
  readonly worthEur: Amount | null;
}

/**
 * Returns the releases permitted after a single look-up, in input order, while the sum including
 * earlier releases stays within the limit.
 */
export function withinExposure(
  limitEur: Amount,
  countedEur: Amount,
  wanted: readonly FastRelease[],
): ReadonlyMap<string, Amount> {
  const released = new Map<string, Amount>();
  let sum = countedEur;
  for (const { withdrawalId, worthEur } of wanted) {
    if (limitEur.isZero() || worthEur === null) continue;
    const next = sum.plus(worthEur);
    if (limitEur.lessThan(next)) continue;
    sum = next;
    released.set(withdrawalId, worthEur);
  }
  return released;
}
