import { Amount, type Asset } from '@sluice/kernel';

/** Minimum and fees of terms, decimal text; null if not set. */
interface Prices {
  readonly min_withdrawal_amount: string | null;
  readonly withdrawal_fee_flat: string | null;
  readonly withdrawal_fee_percent: string | null;
}

const AMOUNTS = ['min_withdrawal_amount', 'withdrawal_fee_flat'] as const;

/** Returns implausible values, each as `field: reason`. */
export function priceFaults(prices: Prices, asset: Asset, decimals: number): string[] {
  const tooFine = AMOUNTS.filter((field) => {
    const text = prices[field];
    return text !== null && Amount.of(text, asset).decimals() > decimals;
  });
  const percent = Amount.of(prices.withdrawal_fee_percent ?? '0', asset);
  return [
    ...tooFine.map(
      (field) => `${field}: Decimal input should have no more than ${decimals} decimal places`,
    ),
    ...(Amount.of('100', asset).lessThan(percent)
      ? ['withdrawal_fee_percent: Input should be at most 100']
      : []),
  ];
}
