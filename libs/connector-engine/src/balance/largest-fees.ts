/**
 * The most that a venue takes as its fee of one payment, by currency: while a payment is under way, its fee is not known. Of other
 * currencies, as much as the payment itself.
 */
export const LARGEST_FEES: Readonly<Record<string, string>> = {
  USDT: '100',
  USDC: '100',
  TRX: '500',
  XRP: '50',
  ETH: '0.1',
  BTC: '0.01',
  EUR: '10',
};
