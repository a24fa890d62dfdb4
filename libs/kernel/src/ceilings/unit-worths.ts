import { Amount } from '../money/amount.js';

/**
 * EUR worth of one unit by currency, as decimal text. Operators state the worth of currencies
 * without built-in ceilings.
 */
export type UnitWorths = Readonly<Record<string, string>>;

/** Digits after the point; finer than any currency is paid. */
const DECIMALS = 18;

/** Returns the stated worth of a currency; null if no worth is stated. */
export function worthOf(currency: string, worths: UnitWorths): string | null {
  return Object.hasOwn(worths, currency) ? (worths[currency] ?? null) : null;
}

/** Returns the number of units bought by a sum of EUR, rounded down. */
export function unitsWorth(eur: string, unitWorthEur: string): string {
  return Amount.of(eur, 'EUR.-').dividedBy(unitWorthEur).roundedDown(DECIMALS).toString();
}
