/**
 * Built-in limits of a call by a single person (funding, transfer or reversal), by currency, for
 * each asset of the currency. Other currencies always need two people. Only a release raises these
 * limits; `ONE_PERSON_LIMITS` lowers them.
 */
export const BUILT_IN_LIMITS: Readonly<Record<string, string>> = {
  USDT: '1000000',
  USDC: '1000000',
  TRX: '5000000',
  XRP: '500000',
  ETH: '300',
  BTC: '10',
  EUR: '1000000',
};
