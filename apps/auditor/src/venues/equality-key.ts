import { currencyOf, programOf, type Asset } from '@sluice/kernel';
import { WALLET } from '@sluice/messages';
import { LISTS_NO_ACCOUNTS } from './venue-table.js';

/** Stands for the recipient of a payment whose record names none. */
const UNLISTED = '?';

interface Payable {
  readonly venue: string;
  readonly asset: Asset;
  /** Canonical decimal text. */
  readonly amount: string;
  readonly destination: string;
  readonly isAddress: boolean;
}

/**
 * Returns the text by which an order equals a payment: currency, amount for the recipient, and
 * recipient. The network is left out: records of transfers between accounts name none, and an asset
 * added at run time has another name at the venue. A payment of the wallet has a network.
 */
export function keyOfOrder({ venue, asset, amount, destination, isAddress }: Payable): string {
  const recipient = isAddress || listsAccounts(venue) ? destination : UNLISTED;
  return keyOf(venue === WALLET ? asset : currencyOf(asset), amount, recipient);
}

export function keyOf(currency: string, amount: string, recipient: string): string {
  return `${currency} ${amount} ${recipient}`;
}

/** Key of a payment whose recipient the venue does not list; null where every recipient is listed. */
export function unlistedKey(venue: string, currency: string, amount: string): string | null {
  return listsAccounts(venue) ? null : keyOf(currency, amount, UNLISTED);
}

function listsAccounts(venue: string): boolean {
  return !LISTS_NO_ACCOUNTS.has(programOf(venue));
}
