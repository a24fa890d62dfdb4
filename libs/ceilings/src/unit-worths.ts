import { Amount } from '@sluice/money';

/** What one unit of a currency is worth in EUR, decimal text, by currency: stated by operators for what no release has ceilings of. */
export type UnitWorths = Readonly<Record<string, string>>;

/** Digits after the point; finer than any currency is paid. */
const DECIMALS = 18;

/** Null where it is not stated. */
export function worthOf(currency: string, worths: UnitWorths): string | null {
  return Object.hasOwn(worths, currency) ? (worths[currency] ?? null) : null;
}

/** How many units a sum of EUR buys, rounded down. */
export function unitsWorth(eur: string, unitWorthEur: string): string {
  return Amount.of(eur, 'EUR.-').dividedBy(unitWorthEur).roundedDown(DECIMALS).toString();
}
