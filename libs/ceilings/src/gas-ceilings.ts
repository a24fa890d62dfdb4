import { Amount, currencyOf, networkOf } from '@sluice/money';

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

/** Null for a coin that no release names as one in which gas is paid. */
export function gasCeilingOf(currency: string): GasCeiling | null {
  return Object.hasOwn(GAS_CEILINGS, currency) ? (GAS_CEILINGS[currency] ?? null) : null;
}

/** Why an amount is not what a transaction of our own wallet has cost on a network, or filled up there; null where it may be. */
export function gasFault(
  amount: Amount,
  network: string,
  booked: 'spent' | 'topUp',
): GasFault | null {
  const ceiling = gasCeilingOf(currencyOf(amount.asset));
  if (ceiling === null || networkOf(amount.asset) !== network) return 'not_native';
  return Amount.of(ceiling[booked], amount.asset).lessThan(amount) ? 'above_ceiling' : null;
}
