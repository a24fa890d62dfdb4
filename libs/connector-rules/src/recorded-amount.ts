import { Amount, currencyOf, wireDecimal } from '@sluice/kernel';
import type { ListedWithdrawal } from './venue-adapter.js';

/**
 * Network placeholder in the asset of a record without a network: inside a venue a currency is on
 * no chain.
 */
const NO_NETWORK = '-';

/** Reads an amount of a record, in the asset of the record; null for a value without an amount. */
export function recordedAmount(
  value: unknown,
  { currency, network }: Pick<ListedWithdrawal, 'currency' | 'network'>,
): Amount | null {
  const text = wireDecimal(value);
  return text === null ? null : Amount.of(text, `${currency}.${network ?? NO_NETWORK}`);
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
