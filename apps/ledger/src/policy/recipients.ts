import { networkOf } from '@sluice/kernel';
import {
  type Facts,
  needsAddressBook,
  needsPaidRecipients,
  type RecipientHistory,
  type Rule,
} from '@sluice/policy-core';
import type { Tx } from '@sluice/postgres';
import { countForgedRecord, type RecordSeals } from '@sluice/service-shell';
import type { BookSettings } from '../address-book/address-book-settings.js';
import {
  accountPartOf,
  type AskedEntry,
  endsPartOf,
  entryKey,
  usableEntries,
} from '../address-book/entry-rows.js';

export interface Recipients {
  /** True if the account pays only to usable entries of its address book. */
  isBookOnly(accountId: string): boolean;
  /** Null: no rule needs the facts, or the recipient is unknown. */
  historyOf(facts: Facts, at: string): RecipientHistory | null;
}

/** Facts of a batch without rules about recipients. */
export const NO_RECIPIENTS: Recipients = { isBookOnly: () => false, historyOf: () => null };

export interface RecipientSources {
  readonly rules: readonly Rule[];
  readonly settings: BookSettings;
  readonly seals: Pick<RecordSeals, 'seal' | 'isSealed'>;
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

export interface PaidRecipient {
  readonly accountId: string;
  readonly recipient: string;
}

/** Payments of an account so far, seen from a recipient. */
interface PaidBefore {
  readonly wasPaid: boolean;
  readonly resemblesPaid: boolean;
}

type Seals = Pick<RecordSeals, 'seal' | 'isSealed'>;

const KIND = 'paid recipient';
/** Rows that a publishing reads and stores at a time. */
const PAGE = 10_000;

/** Key of a recipient in the answer of `readPaid`. */
export function paidKey({ accountId, recipient }: PaidRecipient): string {
  return `${accountId} ${recipient}`;
}

/** Sums paid to each recipient, and to similar addresses. A row without a valid seal only warns. */
async function readPaid(
  source: Pick<Tx, 'query'>,
  seals: Seals,
  asked: readonly PaidRecipient[],
): Promise<ReadonlyMap<string, PaidBefore>> {
  if (asked.length === 0) return new Map();
  const rows = await source.query<PaidRecipient & { seal: string | null; resembles: boolean }>(
    READ,
    [
      asked.map(({ accountId }) => accountId),
      asked.map(({ recipient }) => recipient),
      asked.map(({ recipient }) => endsPartOf(recipient)),
      asked.map(({ recipient }) => accountPartOf(recipient)),
    ],
  );
  return new Map(
    rows.map(({ seal, resembles, ...paid }) => {
      const wasPaid = seal !== null && seals.isSealed(KIND, fieldsOf(paid), seal);
      if (seal !== null && !wasPaid) countForgedRecord('paid_recipient');
      return [paidKey(paid), { wasPaid, resemblesPaid: resembles }];
    }),
  );
}

const READ = `
  SELECT k.account_id AS "accountId", k.recipient, p.seal,
         k.ends <> '' AND EXISTS (
           SELECT FROM paid_recipient r
            WHERE r.account_id = k.account_id AND r.ends = k.ends AND r.ends <> '' AND left(r.recipient, 32) <> k.account_part) AS resembles
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS k (account_id, recipient, ends, account_part)
    LEFT JOIN paid_recipient p ON p.account_id = k.account_id AND p.recipient = k.recipient`;

export function savePaid(tx: Tx, seals: Seals, paid: readonly PaidRecipient[]): void {
  if (paid.length > 0) void insertPaid(tx, seals, paid);
}

/** Remembers the recipients of all captured holds on record. */
export async function fillPaid(tx: Tx, seals: Seals): Promise<void> {
  await tx.query(DECLARE);
  for (;;) {
    const page = await tx.query<PaidRecipient>(`FETCH ${PAGE} FROM paid_recipients`);
    if (page.length === 0) break;
    await insertPaid(tx, seals, page);
  }
  await tx.query('CLOSE paid_recipients');
}

const DECLARE = `
  DECLARE paid_recipients CURSOR FOR
  SELECT DISTINCT account_id AS "accountId", recipient FROM hold WHERE state = 'captured' AND recipient IS NOT NULL`;

async function insertPaid(tx: Tx, seals: Seals, paid: readonly PaidRecipient[]): Promise<void> {
  await tx.query(INSERT, [
    paid.map(({ accountId }) => accountId),
    paid.map(({ recipient }) => recipient),
    paid.map((one) => seals.seal(KIND, fieldsOf(one))),
  ]);
}

const INSERT = `
  INSERT INTO paid_recipient (account_id, recipient, seal)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (account_id, recipient, seal) ORDER BY account_id, recipient
  ON CONFLICT DO NOTHING`;

function fieldsOf({ accountId, recipient }: PaidRecipient): readonly string[] {
  return [accountId, recipient];
}
