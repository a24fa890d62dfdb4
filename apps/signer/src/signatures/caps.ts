import { ceilingOf } from '@sluice/ceilings';
import { currencyOf, type Asset } from '@sluice/money';

/** The most of an asset: by one call, and in an hour by the database's clock. Decimal text. */
interface Cap {
  readonly call: string;
  readonly hour: string;
}

/** What is counted by itself: payments, gas that is brought to hot wallets, gas that transactions may cost. */
export type Spending = 'payment' | 'top_up' | 'gas';

/** No plain transfer is given more gas: a token that needs more does something else. */
export const MOST_GAS = 1_000_000n;

/** By the chain's own coin. They change by a release alone; a coin that is not here signs nothing. */
const OF_COINS: Readonly<Record<string, Readonly<Record<'top_up' | 'gas', Cap>>>> = {
  ETH: { gas: { call: '0.25', hour: '20' }, top_up: { call: '1', hour: '5' } },
  BNB: { gas: { call: '0.5', hour: '40' }, top_up: { call: '2', hour: '10' } },
};

/** What this program signs at most; null where no release says it, and then nothing is signed. Payments have the same table as who orders them. */
export function capOf(spending: Spending, asset: Asset): Cap | null {
  const currency = currencyOf(asset);
  if (spending === 'payment') return ceilingOf(currency, {});
  return Object.hasOwn(OF_COINS, currency) ? (OF_COINS[currency]?.[spending] ?? null) : null;
}
