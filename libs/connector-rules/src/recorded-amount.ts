import { Amount, currencyOf, isDecimalText } from '@sluice/kernel';
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

/**
 * Returns true for an equal amount of the same currency. The network is compared separately,
 * because many records name no network.
 */
export function isSameAmount(asked: Amount, recorded: Amount | null): boolean {
  if (recorded === null || currencyOf(recorded.asset) !== currencyOf(asked.asset)) return false;
  return recorded.equalsInCurrency(asked);
}

/** Formats an amount for people; `(none)` if unreadable. */
export function recordedText(recorded: Amount | null): string {
  return recorded?.toString() ?? '(none)';
}
