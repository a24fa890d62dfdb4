import { Amount } from '../money/amount.js';
import { currencyOf } from '../money/asset.js';

/**
 * Assumed EUR worth of a unit by currency: at these prices, a `call` ceiling of `BUILT_IN_CEILINGS`
 * is about EUR 1 million. The prices limit risk and are not market prices. Only a release changes
 * the prices.
 */
export const REFERENCE_PRICES_EUR: Readonly<Record<string, string>> = {
  USDT: '1',
  USDC: '1',
  TRX: '0.2',
  XRP: '2',
  ETH: '3334',
  BNB: '667',
  BTC: '100000',
  EUR: '1',
};

/**
 * Converts an amount to EUR at the built-in price, or at the price stated for the asset. Returns
 * null if the asset has no price.
 */
export function worthInEur(amount: Amount, stated: string | null = null): Amount | null {
  const currency = currencyOf(amount.asset);
  const builtIn = Object.hasOwn(REFERENCE_PRICES_EUR, currency)
    ? REFERENCE_PRICES_EUR[currency]
    : null;
  const price = builtIn ?? stated;
  if (price === null) return null;
  return Amount.of(amount.times(price).toString(), 'EUR.-');
}
