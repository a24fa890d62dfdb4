import type { Ceiling } from './ceiling.js';

/**
 * Maximum amounts sent by a connector per call, hour and day, measured by the database's clock. The
 * key is the currency; the ceiling applies to each asset of the currency. `CEILINGS` can only lower
 * the values; only a release can raise them.
 */
export const BUILT_IN_CEILINGS: Readonly<Record<string, Ceiling>> = {
  USDT: { call: '1000000', hour: '20000000', day: '100000000' },
  USDC: { call: '1000000', hour: '20000000', day: '100000000' },
  TRX: { call: '5000000', hour: '100000000', day: '500000000' },
  XRP: { call: '500000', hour: '10000000', day: '50000000' },
  ETH: { call: '300', hour: '6000', day: '30000' },
  BNB: { call: '1500', hour: '30000', day: '150000' },
  BTC: { call: '10', hour: '200', day: '1000' },
  EUR: { call: '1000000', hour: '20000000', day: '100000000' },
};

/**
 * Ceiling in EUR for a currency without a built-in ceiling: a hundredth of the built-in call, and a
 * two-hundredth of the built-in hour and day of EUR. The ceiling is low because adding a currency is
 * its only review.
 */
export const UNNAMED_CEILING_EUR: Ceiling = { call: '10000', hour: '100000', day: '500000' };
