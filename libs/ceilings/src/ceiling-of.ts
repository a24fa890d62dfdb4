import { Amount, currencyOf } from '@sluice/money';
import { BUILT_IN_CEILINGS, UNNAMED_CEILING_EUR } from './built-in-ceilings.js';
import { CEILING_SPANS, type Ceiling, type LoweredCeilings } from './ceiling.js';
import { unitsWorth, worthOf, type UnitWorths } from './unit-worths.js';

/**
 * The most of a currency that is ever sent: as it is built in, or set lower. Of one that no release names, as much as
 * `UNNAMED_CEILING_EUR` buys at what one unit is stated to be worth, decimal text above zero; null where that is not stated: nothing of
 * it is ever sent.
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

/** Whether it is more than a release lets go of its currency in a day; so is anything of one that no release names and whose worth is not stated. */
export function isAboveDay(amount: Amount, worths: UnitWorths = {}): boolean {
  const { asset } = amount;
  const currency = currencyOf(asset);
  const ceiling = ceilingOf(currency, {}, worthOf(currency, worths));
  return ceiling === null || Amount.of(ceiling.day, asset).lessThan(amount);
}

/** Whether a release names a ceiling of this currency, so that nobody has to state what it is worth. */
export function hasBuiltInCeiling(currency: string): boolean {
  return Object.hasOwn(BUILT_IN_CEILINGS, currency);
}

function unnamedCeiling(unitWorthEur: string): Ceiling {
  const [call, hour, day] = CEILING_SPANS.map((span) =>
    unitsWorth(UNNAMED_CEILING_EUR[span], unitWorthEur),
  );
  return { call: call ?? '0', hour: hour ?? '0', day: day ?? '0' };
}
