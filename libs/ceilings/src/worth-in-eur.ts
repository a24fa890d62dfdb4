import { Amount, currencyOf } from '@sluice/money';

/**
 * What one unit is taken to be worth in EUR, by currency: the prices at which a call of `BUILT_IN_CEILINGS` is about a million euros. They
 * bound risks, and are no market prices; they change by a release alone.
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

/** In EUR, at the built-in price or the one that is stated for the asset; null for an amount without a price. */
export function worthInEur(amount: Amount, stated: string | null = null): Amount | null {
  const currency = currencyOf(amount.asset);
  const builtIn = Object.hasOwn(REFERENCE_PRICES_EUR, currency)
    ? REFERENCE_PRICES_EUR[currency]
    : null;
  const price = builtIn ?? stated;
  if (price === null) return null;
  return Amount.of(amount.times(price).toString(), 'EUR.-');
}
