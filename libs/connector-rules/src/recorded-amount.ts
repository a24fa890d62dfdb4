import { Amount, currencyOf, isDecimalText } from '@sluice/money';
import type { ListedWithdrawal } from './venue-adapter.js';

/** Stands in an asset for the network of a record that names none: inside a venue a currency is on no chain. */
const NO_NETWORK = '-';

/** What a record says, as an amount of the asset that it names; null for text that is no amount. */
export function recordedAmount(
  text: string,
  { currency, network }: Pick<ListedWithdrawal, 'currency' | 'network'>,
): Amount | null {
  return isDecimalText(text) ? Amount.of(text, `${currency}.${network ?? NO_NETWORK}`) : null;
}

/** Whether a record says as much of the same currency. Its network is compared apart, because many records name none. */
export function isSameAmount(asked: Amount, recorded: Amount | null): boolean {
  if (recorded === null || currencyOf(recorded.asset) !== currencyOf(asked.asset)) return false;
  return recorded.equalsInCurrency(asked);
}

/** For people; an amount that cannot be read is `(none)`. */
export function recordedText(recorded: Amount | null): string {
  return recorded?.toString() ?? '(none)';
}
