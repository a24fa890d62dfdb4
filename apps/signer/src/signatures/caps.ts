import { ceilingOf, unitsWorth } from '@sluice/ceilings';
import { currencyOf, type Asset } from '@sluice/money';

/** The most of an asset: by one call, and in an hour by the database's clock. Decimal text. */
export interface Cap {
  readonly call: string;
  readonly hour: string;
}

/** What is counted by itself: payments, gas that is brought to hot wallets, gas that transactions may cost. */
export type Spending = 'payment' | 'top_up' | 'gas';

type CoinCaps = Readonly<Record<'top_up' | 'gas', Cap>>;

/** By the chain's own coin. They change by a release alone. */
const OF_COINS: Readonly<Record<string, CoinCaps>> = {
  ETH: { gas: { call: '0.25', hour: '20' }, top_up: { call: '1', hour: '5' } },
  BNB: { gas: { call: '0.5', hour: '40' }, top_up: { call: '2', hour: '10' } },
};

/** Of a coin that no release names, in EUR: about a hundredth of what the coins above may. */
const OF_UNNAMED_COINS_EUR: CoinCaps = {
  gas: { call: '10', hour: '500' },
  top_up: { call: '50', hour: '250' },
};

/**
 * What this program signs at most. Of a currency that no release names it is what a small sum of EUR buys at the worth that the chain's settings state;
 * null where they state none, and then nothing is signed. Payments have the same table as who orders them.
 */
export function capOf(
  spending: Spending,
  asset: Asset,
  unitWorthEur: string | null = null,
): Cap | null {
  const currency = currencyOf(asset);
  if (spending === 'payment') return ceilingOf(currency, {}, unitWorthEur);
  if (hasCoinCaps(currency)) return OF_COINS[currency]?.[spending] ?? null;
  if (unitWorthEur === null) return null;
  const { call, hour } = OF_UNNAMED_COINS_EUR[spending];
  return { call: unitsWorth(call, unitWorthEur), hour: unitsWorth(hour, unitWorthEur) };
}

/** Whether a release names the caps of gas that is paid in this coin. */
export function hasCoinCaps(currency: string): boolean {
  return Object.hasOwn(OF_COINS, currency);
}
