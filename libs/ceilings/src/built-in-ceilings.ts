import type { Ceiling } from './ceiling.js';

/**
 * The most that a connector ever sends of an asset: by one call, in an hour and in a day, by the database's clock. By currency, for each
 * of its assets. They change by a release alone: `CEILINGS` makes them lower, and nothing makes them higher.
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

/** Of a currency that no release names, in EUR: a hundredth of what is built in for others, since nobody has looked at it for longer than it takes to add it. */
export const UNNAMED_CEILING_EUR: Ceiling = { call: '10000', hour: '100000', day: '500000' };
