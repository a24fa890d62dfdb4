import { type Asset, ceilingOf, currencyOf, unitsWorth } from '@sluice/kernel';

/** Maximum of an asset per call, and per hour of the database clock. Decimal text. */
export interface Cap {
  readonly call: string;
  readonly hour: string;
}

/**
 * Separately counted categories: payments, gas top-ups of hot wallets, and maximum gas cost of
 * transactions.
 */
export type Spending = 'payment' | 'top_up' | 'gas';

type CoinCaps = Readonly<Record<'top_up' | 'gas', Cap>>;

/** Caps by the chain's own coin. Only a release changes the caps. */
const OF_COINS: Readonly<Record<string, CoinCaps>> = {
  ETH: { gas: { call: '0.25', hour: '20' }, top_up: { call: '1', hour: '5' } },
  BNB: { gas: { call: '0.5', hour: '40' }, top_up: { call: '2', hour: '10' } },
};

/** Caps in EUR for coins not named in any release: about a hundredth of the caps above. */
const OF_UNNAMED_COINS_EUR: CoinCaps = {
  gas: { call: '10', hour: '500' },
  top_up: { call: '50', hour: '250' },
};

/**
 * Cap of an asset in units. For a currency not named in any release, a small sum in EUR is
 * converted with the unit value of the chain's settings. Null if the settings state no value:
 * signatures are then refused. Payments use the same table as the services ordering payments.
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

/** Returns true if a release defines caps for gas paid in this coin. */
export function hasCoinCaps(currency: string): boolean {
  return Object.hasOwn(OF_COINS, currency);
}
