import { Amount, unreachable, type Asset } from '@sluice/kernel';
import { COUNTED_PER, type CountedPer, type Facts, isInScope, type LimitRule } from './rule.js';
import { bucketOf, offsetByRuntime, type OffsetOf } from './windows.js';

const EUR: Asset = 'EUR.-';
const PAYMENTS: Asset = 'PAYMENTS.-';
/** Places after the point of a worth in EUR, rounded up. */
const EUR_DECIMALS = 8;

type Use =
  | { readonly kind: 'outside' }
  | { readonly kind: 'unknown'; readonly missing: MissingFact }
  | { readonly kind: 'counted'; readonly key: string; readonly amount: Amount };

export type MissingFact = 'scope' | 'price' | 'history' | CountedPer;

/**
 * Text of all that decides what a limit counts: equal texts share counters, also across versions.
 */
export function meterText({ scope, per, unit, window, timeZone }: LimitRule): string {
  const list = (values: readonly string[] | undefined) =>
    values === undefined ? null : [...new Set(values)].sort();
  return JSON.stringify([
    list(scope.accounts),
    list(scope.keys),
    list(scope.assets),
    list(scope.venues),
    inOrder(per),
    unit,
    window,
    timeZone,
  ]);
}

/**
 * Use of a limit by a withdrawal. The key has one part per counted property, in the order of
 * `COUNTED_PER`; units of the asset count each asset separately.
 */
export function useOf(rule: LimitRule, facts: Facts): Use {
  const applies = isInScope(rule.scope, facts);
  if (applies === false) return { kind: 'outside' };
  if (applies === null) return { kind: 'unknown', missing: 'scope' };
  const { asset } = facts.payout;
  const parts: string[] = rule.unit === 'asset' ? [asset] : [];
  for (const property of inOrder(rule.per)) {
    const value = VALUE_OF[property](facts);
    if (value === null) return { kind: 'unknown', missing: property };
    parts.push(value);
  }
  const amount = amountIn(rule.unit, facts);
  if (amount === null) return { kind: 'unknown', missing: 'price' };
  return { kind: 'counted', key: parts.join(' '), amount };
}

export interface Charge {
  readonly key: string;
  /** Start of the bucket in milliseconds since 1970. */
  readonly bucket: number;
  readonly amount: Amount;
}

/** Returns the count of a hold decided at `at`; null if the limit does not count the hold. */
export function chargeOf(
  rule: LimitRule,
  facts: Facts,
  at: number,
  offsetOf: OffsetOf = offsetByRuntime,
): Charge | null {
  const use = useOf(rule, facts);
  if (use.kind !== 'counted') return null;
  return { key: use.key, bucket: bucketOf(rule, at, offsetOf), amount: use.amount };
}

/** Reads a counter of the rule. A limit in units of the asset needs the asset of the counter. */
export function counted(rule: Pick<LimitRule, 'unit'>, text: string, asset: Asset): Amount {
  return Amount.of(text, unitOf(rule, asset));
}

/** Unit of a rule as customers see it. */
export function unitNameOf({ unit }: Pick<LimitRule, 'unit'>, asset: Asset): string {
  return unit === 'asset' ? asset : unit;
}

/** Returns the amount of a withdrawal in a unit; null without a usable price. */
export function amountIn(unit: LimitRule['unit'], { payout, priceEur }: Facts): Amount | null {
  switch (unit) {
    case 'asset':
      return payout;
    case 'payments':
      return Amount.of('1', PAYMENTS);
    case 'EUR':
      return priceEur === null ? null : worthOf(payout, priceEur);
    default:
      return unreachable(unit);
  }
}

/** Returns null for an unusable price: the worth is zero, negative, or too large to be counted. */
function worthOf(payout: Amount, priceEur: string): Amount | null {
  const worth = payout.times(priceEur).roundedUp(EUR_DECIMALS);
  return worth.isPositive() && !worth.isTooLarge() ? Amount.of(worth.toString(), EUR) : null;
}

function unitOf({ unit }: Pick<LimitRule, 'unit'>, asset: Asset): Asset {
  switch (unit) {
    case 'asset':
      return asset;
    case 'EUR':
      return EUR;
    case 'payments':
      return PAYMENTS;
    default:
      return unreachable(unit);
  }
}

const VALUE_OF: Readonly<Record<CountedPer, (facts: Facts) => string | null>> = {
  account: ({ accountId }) => accountId,
  key: ({ keyId }) => keyId,
  asset: ({ payout }) => payout.asset,
  destination: ({ recipient }) => recipient,
  venue: ({ venue }) => venue,
};

function inOrder(per: readonly CountedPer[]): readonly CountedPer[] {
  return COUNTED_PER.filter((property) => per.includes(property));
}
