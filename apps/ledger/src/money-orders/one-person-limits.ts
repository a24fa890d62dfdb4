import type { JournalEntry } from '@sluice/ledger-core';
import { Amount, currencyOf, isDecimalText, type Asset } from '@sluice/kernel';
import { BUILT_IN_LIMITS } from './built-in-limits.js';

/** Limit by currency; other currencies keep the built-in limit. */
export type LoweredLimits = Readonly<Record<string, string>>;

/**
 * Reads ONE_PERSON_LIMITS: `{"USDT": "50000"}`. Throws an error with the expected format, also for
 * a limit above the built-in limit.
 */
export function readLimits(value: unknown): LoweredLimits {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('must be a JSON object of currency → amount');
  for (const [currency, amount] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    const builtIn = BUILT_IN_LIMITS[currency];
    if (builtIn === undefined)
      throw new Error(`${currency}: must be one of ${Object.keys(BUILT_IN_LIMITS).join(', ')}`);
    if (typeof amount !== 'string' || !isDecimalText(amount))
      throw new Error(`${currency}: must be a decimal amount as text`);
    const of = (text: string) => Amount.of(text, 'ANY.-');
    if (of(builtIn).lessThan(of(amount)))
      throw new Error(
        `${currency}: must be at most ${builtIn}: a limit is made lower by a setting, and higher by a release alone`,
      );
  }
  return value as LoweredLimits;
}

/** Limits for bookings by a single person. */
export class OnePersonLimits {
  constructor(private readonly lowered: LoweredLimits) {}

  /**
   * Returns true if the entry moves more of an asset than the limit, or any amount of an asset
   * without a limit.
   */
  takeTwo({ postings }: Pick<JournalEntry, 'postings'>): boolean {
    const moved = new Map<Asset, Amount>();
    for (const { amount } of postings)
      if (!amount.isNegative())
        moved.set(amount.asset, moved.get(amount.asset)?.plus(amount) ?? amount);
    return [...moved].some(([asset, amount]) => this.of(asset).lessThan(amount));
  }

  private of(asset: Asset): Amount {
    const currency = currencyOf(asset);
    return Amount.of(this.lowered[currency] ?? BUILT_IN_LIMITS[currency] ?? '0', asset);
  }
}
