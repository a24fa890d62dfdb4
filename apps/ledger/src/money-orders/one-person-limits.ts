import type { JournalEntry } from '@sluice/ledger-core';
import { Amount, currencyOf, isDecimalText, worthInEur, type Asset } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import { BUILT_IN_LIMITS } from './built-in-limits.js';
import { DEFAULT_LIMITS_IN_EUR, eur, type LimitsInEur } from './limits-in-eur.js';
import { ageOf, movedBefore } from './moved-before.js';
import { exceededLimit } from './sums-by-one-person.js';
import {
  aboveCurrencyLimit,
  aboveLimitInEur,
  youngAccount,
  type TwoPeopleReason,
} from './two-people-reasons.js';

/** Limit by currency; other currencies keep the built-in limit. */
type LoweredLimits = Readonly<Record<string, string>>;

/** Settings for money orders by one person. */
export interface OnePersonSettings {
  readonly byCurrency: LoweredLimits;
  readonly inEur: LimitsInEur;
}

export const DEFAULT_SETTINGS: OnePersonSettings = {
  byCurrency: {},
  inEur: DEFAULT_LIMITS_IN_EUR,
};

type Moving = Pick<JournalEntry, 'postings'>;

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
  constructor(private readonly settings: OnePersonSettings) {}

  /**
   * Returns the reason why the entry needs a second person; null if the person may book alone. A
   * null answer holds the lock of the sums until the end of the transaction.
   */
  async reasonForTwo(
    tx: Tx,
    entry: Pick<JournalEntry, 'accountId' | 'postings'>,
    person: string,
  ): Promise<TwoPeopleReason | null> {
    const worth = this.worthOrReason(entry);
    if (!(worth instanceof Amount)) return worth;
    const { accountId } = entry;
    const age = await ageOf(tx, accountId);
    if (age === null || age.isYoung) return youngAccount(accountId, age);
    const before = await movedBefore(tx, person, accountId);
    const exceeded = exceededLimit(worth, before, this.settings.inEur);
    return exceeded && aboveLimitInEur(exceeded, { person, accountId });
  }

  /** Returns the worth in EUR of an entry within the limits by currency; otherwise the reason. */
  worthOrReason({ postings }: Moving): Amount | TwoPeopleReason {
    const moved = new Map<Asset, Amount>();
    for (const { amount } of postings)
      if (!amount.isNegative())
        moved.set(amount.asset, moved.get(amount.asset)?.plus(amount) ?? amount);
    let total = eur('0');
    for (const amount of moved.values()) {
      const limit = this.of(amount.asset);
      const worth = worthInEur(amount);
      if (worth === null || limit.lessThan(amount)) return aboveCurrencyLimit(amount, limit);
      total = total.plus(worth);
    }
    return total;
  }

  private of(asset: Asset): Amount {
    const currency = currencyOf(asset);
    return Amount.of(this.settings.byCurrency[currency] ?? BUILT_IN_LIMITS[currency] ?? '0', asset);
  }
}
