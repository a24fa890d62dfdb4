/**
 * The most that one person books alone by one call: a funding, a transfer, or the reversal of an entry; by currency, for each of its
 * assets. What is not named here always takes two people. They rise by a release alone: `ONE_PERSON_LIMITS` makes them lower.
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
