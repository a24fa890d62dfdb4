import { Amount } from '../money/amount.js';
import { currencyOf, networkOf } from '../money/asset.js';
import { unitsWorth, worthOf, type UnitWorths } from './unit-worths.js';

/**
 * Ceilings of our own wallet in a native coin, as decimal text. `spent` limits the gas of a
 * transaction, `topUp` a single top-up from the gas tank. `day` is the gas of a day above which
 * operators are alerted.
 */
interface GasCeiling {
  readonly spent: string;
  readonly topUp: string;
  readonly day: string;
}

export type GasFault = 'not_native' | 'above_ceiling';

/**
 * Built-in gas ceilings by native coin, for each network with the coin. The values are far above
 * the highest cost of a transfer and far below the balance of a wallet. People book larger amounts
 * after a review. Only a release changes the values.
 */
const GAS_CEILINGS: Readonly<Record<string, GasCeiling>> = {
  ETH: { spent: '0.2', topUp: '10', day: '50' },
  BNB: { spent: '0.2', topUp: '20', day: '50' },
};

/**
 * Gas ceilings in EUR for a coin without built-in ceilings: about a hundredth of the built-in
 * ceilings.
 */
const UNNAMED_GAS_CEILING_EUR: GasCeiling = { spent: '10', topUp: '500', day: '1500' };

/**
 * Returns the built-in gas ceiling of a coin. For a coin without a built-in ceiling, converts
 * `UNNAMED_GAS_CEILING_EUR` at the stated worth of the coin. Returns null if no worth is stated.
 */
export function gasCeilingOf(currency: string, worths: UnitWorths = {}): GasCeiling | null {
  const builtIn = Object.hasOwn(GAS_CEILINGS, currency) ? GAS_CEILINGS[currency] : undefined;
  if (builtIn !== undefined) return builtIn;
  const worth = worthOf(currency, worths);
  if (worth === null) return null;
  const { spent, topUp, day } = UNNAMED_GAS_CEILING_EUR;
  return {
    spent: unitsWorth(spent, worth),
    topUp: unitsWorth(topUp, worth),
    day: unitsWorth(day, worth),
  };
}

/** Returns true if a release defines the gas ceilings of the coin. */
export function hasBuiltInGasCeiling(currency: string): boolean {
  return Object.hasOwn(GAS_CEILINGS, currency);
}

/**
 * Returns the reason to refuse an amount as gas (`spent`) or gas top-up (`topUp`) of our own wallet
 * on a network; null if the amount is plausible.
 */
export function gasFault(
  amount: Amount,
  network: string,
  booked: 'spent' | 'topUp',
  worths: UnitWorths = {},
): GasFault | null {
  const ceiling = gasCeilingOf(currencyOf(amount.asset), worths);
  if (ceiling === null || networkOf(amount.asset) !== network) return 'not_native';
  return Amount.of(ceiling[booked], amount.asset).lessThan(amount) ? 'above_ceiling' : null;
}
