import { Amount, isDecimalText } from '@sluice/kernel';
import type { ListedWithdrawal } from './venue-adapter.js';

/**
 * Network placeholder in the asset of a record without a network: inside a venue a currency is on
 * no chain.
 */
const NO_NETWORK = '-';

/** Parses an amount of a record, in the asset of the record; null for text without an amount. */
export function recordedAmount(
  text: string,
  { currency, network }: Pick<ListedWithdrawal, 'currency' | 'network'>,
): Amount | null {
  return isDecimalText(text) ? Amount.of(text, `${currency}.${network ?? NO_NETWORK}`) : null;
}

/** Formats an amount for people; `(none)` if unreadable. */
export function recordedText(recorded: Amount | null): string {
  return recorded?.toString() ?? '(none)';
}
