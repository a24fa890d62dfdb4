import type { RecipientHistory } from './facts.js';
import type { RecipientCondition, RecipientRule, Rule } from './rule.js';

/** Name of the rule that the setting "address book only" of an account adds. */
export const BOOK_ONLY = 'address-book-only';

/** Returns whether a condition is true for a recipient. */
export function isTrueOf(
  when: RecipientCondition,
  { isInBook, wasPaid, resemblesPaid }: RecipientHistory,
): boolean {
  return { not_in_address_book: !isInBook, first_payment: !wasPaid, resembles_paid: resemblesPaid }[
    when
  ];
}

/** Returns the rule of an account that pays only to usable entries of its address book. */
export function bookOnlyRule(accountId: string): RecipientRule {
  return {
    kind: 'recipient',
    name: BOOK_ONLY,
    scope: { accounts: [accountId] },
    when: 'not_in_address_book',
    quorums: [],
    decideWithinHours: 24,
  };
}

/** True if a rule depends on the entries of address books. */
export function needsAddressBook(rules: readonly Rule[]): boolean {
  return rules.some((rule) => rule.kind === 'recipient' && rule.when === 'not_in_address_book');
}

/** True if a rule depends on the recipients that an account has paid. */
export function needsPaidRecipients(rules: readonly Rule[]): boolean {
  return rules.some((rule) => rule.kind === 'recipient' && rule.when !== 'not_in_address_book');
}
