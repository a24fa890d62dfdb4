import { Amount, isDecimalText } from '@sluice/money';

/** Compares decimal texts by value (`1.50` is `1.5`); false when either is not one. */
export function sameAmount(left: string, right: string): boolean {
  if (!isDecimalText(left) || !isDecimalText(right)) return false;
  return Amount.of(left, 'ANY.ANY').equals(Amount.of(right, 'ANY.ANY'));
}
