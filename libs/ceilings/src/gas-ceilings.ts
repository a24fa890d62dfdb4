import { Amount, currencyOf, networkOf } from '@sluice/money';
import { unitsWorth, worthOf, type UnitWorths } from './unit-worths.js';

/** What our own wallet may book of a native coin: as the gas of one transaction, as one top-up from the gas tank, and as gas of a day before somebody is told; decimal text. */
export interface GasCeiling {
  readonly spent: string;
  readonly topUp: string;
  readonly day: string;
}

export type GasFault = 'not_native' | 'above_ceiling';

/**
 * By native coin, for each network that has it. Far above what a transfer costs when a chain is at its dearest, and far below what a wallet
 * holds: what is above is booked by people, who have looked. They change by a release alone.
 */
const GAS_CEILINGS: Readonly<Record<string, GasCeiling>> = {
  ETH: { spent: '0.2', topUp: '10', day: '50' },
  BNB: { spent: '0.2', topUp: '20', day: '50' },
};

/** Of a coin that no release names, in EUR: about a hundredth of what is built in for others. */
const UNNAMED_GAS_CEILING_EUR: GasCeiling = { spent: '10', topUp: '500', day: '1500' };

/** As it is built in. Of a coin that no release names, what a sum of EUR buys at its stated worth; null where that is not stated. */
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

/** Whether a release names the ceilings of gas that is paid in this coin. */
export function hasBuiltInGasCeiling(currency: string): boolean {
  return Object.hasOwn(GAS_CEILINGS, currency);
}

/** Why an amount is not what a transaction of our own wallet has cost on a network, or filled up there; null where it may be. */
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
