import type { InboxItemDto } from '@sluice/http-api';

/** Name of our own wallet among the venues; the book has an account per chain for it. */
const WALLET = 'wallet';

/** Accounts of the book for the money at a venue, among those that the ledger names. */
export function bookAccountsOf(venue: string, accounts: readonly string[]): readonly string[] {
  return accounts.filter((account) =>
    venue === WALLET ? account.startsWith('hot-wallet:') : account === `clearing:${venue}`,
  );
}

/** Number of items of a kind; a list that was cut off has more. */
export function countOf(
  items: readonly Pick<InboxItemDto, 'kind' | 'more'>[],
  kind: InboxItemDto['kind'],
): string {
  const found = items.filter((item) => item.kind === kind);
  return `${found.length}${found.some(({ more }) => more) ? ' and more' : ''}`;
}

/** True for an amount above zero; a single call has no sum. */
export function isMoreThanZero(amount: string | null): boolean {
  return amount !== null && /^\d*\.?\d*$/.test(amount) && /[1-9]/.test(amount);
}
