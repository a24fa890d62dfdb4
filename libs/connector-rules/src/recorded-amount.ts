import { Amount, wireDecimal } from '@sluice/kernel';
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

/** Formats an amount for people; `(none)` if unreadable. */
export function recordedText(recorded: Amount | null): string {
  return recorded?.toString() ?? '(none)';
}
