import { networkOf } from '@sluice/kernel';
import {
  needsAddressBook,
  needsPaidRecipients,
  type Facts,
  type RecipientHistory,
  type Rule,
} from '@sluice/policy-core';
import type { Tx } from '@sluice/postgres';
import type { RecordSeals } from '@sluice/service-shell';
import type { BookSettings } from '../address-book/address-book-settings.js';
import { entryKey, usableEntries, type AskedEntry } from '../address-book/usable-entries.js';
import { paidKey, readPaid, type PaidRecipient } from './paid-recipients.js';

/** Facts about recipients and accounts, as the rules of a batch need them. */
export interface Recipients {
  /** True if the account pays only to usable entries of its address book. */
  isBookOnly(accountId: string): boolean;
  /** Null: no rule needs the facts, or the recipient is unknown. */
  historyOf(facts: Facts, at: string): RecipientHistory | null;
}

/** Facts of a batch without rules about recipients. */
export const NO_RECIPIENTS: Recipients = { isBookOnly: () => false, historyOf: () => null };

/** Sources of the facts, and the kinds of facts that are needed. */
export interface RecipientSources {
  /** Rules that decide the withdrawals. */
  readonly rules: readonly Rule[];
  readonly settings: BookSettings;
  readonly seals: Pick<RecordSeals, 'seal' | 'isSealed'>;
  /** The database's clock. */
  readonly now: Date;
}

/** Reads the facts in one statement for each kind that a rule or a setting needs. */
export async function loadRecipients(
  source: Pick<Tx, 'query'>,
  { rules, settings, seals, now }: RecipientSources,
  withdrawals: readonly Facts[],
): Promise<Recipients> {
  const isBookOnly = (accountId: string) => settings.onlyBook(accountId, now);
  const needsPaid = needsPaidRecipients(rules);
  const inBook = needsAddressBook(rules)
    ? withdrawals
    : withdrawals.filter(({ accountId }) => isBookOnly(accountId));
  if (!needsPaid && inBook.length === 0) return { ...NO_RECIPIENTS, isBookOnly };
  const entries = inBook.flatMap((facts) => askedEntry(facts) ?? []);
  const recipients = needsPaid ? withdrawals.flatMap((facts) => askedPaid(facts) ?? []) : [];
  const [usable, paid] = await Promise.all([
    usableEntries(source, seals, entries, now),
    readPaid(source, seals, recipients),
  ]);
  const wasAsked = new Set(entries.map(entryKey));
  return {
    isBookOnly,
    historyOf: (facts) => {
      const [entry, recipient] = [askedEntry(facts), askedPaid(facts)];
      if (entry === null || recipient === null) return null;
      const before = paid.get(paidKey(recipient));
      if (needsPaid ? before === undefined : !wasAsked.has(entryKey(entry))) return null;
      const { wasPaid = false, resemblesPaid = false } = before ?? {};
      return { isInBook: usable.has(entryKey(entry)), wasPaid, resemblesPaid };
    },
  };
}

function askedEntry({ accountId, payout, recipient }: Facts): AskedEntry | null {
  if (recipient === null) return null;
  return { accountId, network: networkOf(payout.asset), recipient };
}

function askedPaid({ accountId, recipient }: Facts): PaidRecipient | null {
  return recipient === null ? null : { accountId, recipient };
}
