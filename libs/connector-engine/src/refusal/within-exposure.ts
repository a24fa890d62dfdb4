import type { Amount } from '@sluice/money';

export interface FastRelease {
  readonly withdrawalId: string;
  /** Null for an asset without a price: one look-up never releases it. */
  readonly worthEur: Amount | null;
}

/** Which of these may be released by one look-up, in their order, while the sum with what counts already stays within the limit. */
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
