/**
 * Upper bound of a venue's fee per payment, by currency, used while the fee of a payment under way
 * is unknown. Default for other currencies: the payment's own amount.
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
