import { Amount } from '../money/amount.js';
import { currencyOf } from '../money/asset.js';
import { BUILT_IN_CEILINGS, UNNAMED_CEILING_EUR } from './built-in-ceilings.js';
import { CEILING_SPANS, type Ceiling, type LoweredCeilings } from './ceiling.js';
import { unitsWorth, worthOf, type UnitWorths } from './unit-worths.js';

/**
 * Returns the ceiling of a currency: the built-in ceiling, lowered by `lowered`. A currency without
 * a built-in ceiling gets the units bought by `UNNAMED_CEILING_EUR`. `unitWorthEur` is the stated
 * EUR worth of a unit (decimal text above zero); null: returns null, and the currency is never
 * sent.
 */
export function ceilingOf(
  currency: string,
  lowered: LoweredCeilings,
  unitWorthEur: string | null = null,
): Ceiling | null {
  const builtIn = Object.hasOwn(BUILT_IN_CEILINGS, currency) ? BUILT_IN_CEILINGS[currency] : null;
  if (builtIn) return { ...builtIn, ...lowered[currency] };
  return unitWorthEur === null ? null : unnamedCeiling(unitWorthEur);
}

/**
 * Returns true if the amount exceeds the daily ceiling of its currency. Any amount of a currency
 * without a built-in ceiling and without a stated worth exceeds the ceiling.
 */
export function isAboveDay(amount: Amount, worths: UnitWorths = {}): boolean {
  const { asset } = amount;
  const currency = currencyOf(asset);
  const ceiling = ceilingOf(currency, {}, worthOf(currency, worths));
  return ceiling === null || Amount.of(ceiling.day, asset).lessThan(amount);
}

/**
 * Returns true if a release defines a ceiling for the currency, and operators need not state the
 * unit worth.
 */
export function hasBuiltInCeiling(currency: string): boolean {
  return Object.hasOwn(BUILT_IN_CEILINGS, currency);
}

function unnamedCeiling(unitWorthEur: string): Ceiling {
  const [call, hour, day] = CEILING_SPANS.map((span) =>
    unitsWorth(UNNAMED_CEILING_EUR[span], unitWorthEur),
  );
  return { call: call ?? '0', hour: hour ?? '0', day: day ?? '0' };
}
