import { type Amount, worthInEur, type Asset } from '@sluice/kernel';
import {
  eur,
  SCOPES,
  SPANS,
  type LimitName,
  type LimitsInEur,
  type LimitScope,
  type LimitSpan,
} from './limits-in-eur.js';

/** Sum of earlier orders by one person each, for one asset and one combination of the marks. */
export interface MovedBefore {
  readonly asset: Asset;
  readonly amount: Amount;
  /** Placed by the person of the new order. */
  readonly is_of_person: boolean;
  /** Placed for the account of the new order. */
  readonly is_of_account: boolean;
  /** Placed within the last hour; otherwise within the last day. */
  readonly is_in_hour: boolean;
  /** Time of the oldest order of the sum. */
  readonly oldest_at: Date;
}

/** A limit that the new order would exceed. */
export interface ExceededLimit {
  readonly name: LimitName;
  readonly limit: string;
  readonly before: Amount;
  readonly added: Amount;
  /** Time at which the oldest counted order leaves the window; null if no earlier order counts. */
  readonly freesAt: Date | null;
}

const SPAN_MS: Readonly<Record<LimitSpan, number>> = { hour: 3_600_000, day: 86_400_000 };

/**
 * Returns the first limit exceeded by an order of this worth after the earlier orders; null if the
 * order fits all limits. The hour and the day end now, so no boundary allows a second full limit.
 */
export function exceededLimit(
  added: Amount,
  before: readonly MovedBefore[],
  limits: LimitsInEur,
): ExceededLimit | null {
  if (eur(limits.call).lessThan(added))
    return { name: 'call', limit: limits.call, before: eur('0'), added, freesAt: null };
  for (const scope of SCOPES)
    for (const span of SPANS) {
      const counted = before.filter((sum) => isOf(sum, scope) && isIn(sum, span));
      const name = `${scope}_${span}` as const;
      const moved = worthOf(counted);
      if (moved !== null && !eur(limits[name]).lessThan(moved.plus(added))) continue;
      const oldest = Math.min(...counted.map(({ oldest_at: at }) => at.getTime()));
      const freesAt = counted.length > 0 ? new Date(oldest + SPAN_MS[span]) : null;
      return { name, limit: limits[name], before: moved ?? eur('0'), added, freesAt };
    }
  return null;
}

function isOf(sum: MovedBefore, scope: LimitScope): boolean {
  switch (scope) {
    case 'person':
      return sum.is_of_person;
    case 'account':
      return sum.is_of_account;
    case 'total':
      return true;
  }
}

function isIn(sum: MovedBefore, span: LimitSpan): boolean {
  return span === 'day' || sum.is_in_hour;
}

/** Returns the worth of the sums; null if an asset has no worth, and the sum is unknown. */
function worthOf(sums: readonly MovedBefore[]): Amount | null {
  let total = eur('0');
  for (const { amount } of sums) {
    const worth = worthInEur(amount);
    if (worth === null) return null;
    total = total.plus(worth);
  }
  return total;
}
