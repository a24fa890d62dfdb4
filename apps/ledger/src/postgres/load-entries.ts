import { chartAccount, type BookRows, type EntryKind, type JournalEntry } from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';
import { amountOf } from '../wire.js';
import type { Named } from './named-by.js';

type Loaded = Pick<BookRows, 'fundings' | 'transfers' | 'venueFees' | 'entries' | 'reversals'>;

/** Entries as the journal has them, each with its postings; one statement for each way in which a batch names them. */
export async function loadEntries(tx: Tx, named: Named): Promise<Loaded> {
  const { fundings, transfers, feesOf, reversed } = named;
  const [funded, transferred, fees, entries, reversals] = await Promise.all([
    byReference(tx, 'funding', fundings),
    byReference(tx, 'transfer', transfers),
    query(tx, BY_FEE, feesOf.length, [feesOf]),
    query(tx, BY_ID, reversed.length, [reversed]),
    query(tx, BY_REVERSED, reversed.length, [reversed]),
  ]);
  return {
    fundings: funded.map((entry) => ({ ...ownerOf(entry), amount: first(entry).amount, reference: entry.reference ?? '' })),
    transfers: transferred.map((entry) => ({
      ...ownerOf(entry),
      reference: entry.reference ?? '',
      from: first(entry).account,
      to: second(entry).account,
      amount: second(entry).amount,
    })),
    venueFees: fees.map((entry) => ({
      ...ownerOf(entry),
      withdrawalId: entry.withdrawalId ?? '',
      venue: second(entry).account.slice('venue-fee:'.length),
      amount: first(entry).amount,
    })),
    entries,
    reversals: reversals.map((entry) => ({ ...ownerOf(entry), reverses: entry.reverses ?? '', reason: entry.reason ?? '' })),
  };
}

/** The beginning of a statement over `journal_entry e` that answers EntryRows. */
export const ENTRY_ROW = `
  SELECT e.id, e.kind, e.account_id, e.withdrawal_id, e.reference, e.reverses, e.reason, e.effective_at, e.recorded_at,
         (SELECT json_agg(json_build_object('account', p.account, 'asset', p.asset, 'amount', p.amount::text) ORDER BY p.line)
            FROM posting p WHERE p.entry_id = e.id) AS postings`;
const BY_REFERENCE = `${ENTRY_ROW}
  FROM unnest($2::uuid[], $3::text[]) AS k(account_id, reference)
  JOIN journal_entry e ON e.kind = $1 AND e.kind IN ('funding', 'transfer') AND e.account_id = k.account_id AND e.reference = k.reference`;
const BY_FEE = `${ENTRY_ROW} FROM journal_entry e WHERE e.kind = 'venue_fee' AND e.withdrawal_id = ANY ($1::uuid[])`;
const BY_ID = `${ENTRY_ROW} FROM journal_entry e WHERE e.id = ANY ($1::uuid[])`;
const BY_REVERSED = `${ENTRY_ROW} FROM journal_entry e WHERE e.reverses = ANY ($1::uuid[])`;

function byReference(tx: Tx, kind: EntryKind, keys: Named['fundings']): Promise<JournalEntry[]> {
  return query(tx, BY_REFERENCE, keys.length, [kind, keys.map(({ accountId }) => accountId), keys.map(({ reference }) => reference)]);
}

async function query(tx: Tx, sql: string, named: number, params: readonly unknown[]): Promise<JournalEntry[]> {
  return named === 0 ? [] : (await tx.query<EntryRow>(sql, params)).map(entryFrom);
}

export interface EntryRow {
  id: string;
  kind: EntryKind;
  account_id: string;
  withdrawal_id: string | null;
  reference: string | null;
  reverses: string | null;
  reason: string | null;
  effective_at: Date | null;
  recorded_at: Date;
  postings: readonly { readonly account: string; readonly asset: string; readonly amount: string }[] | null;
}

/** Throws on a row that names no account of the chart. */
export function entryFrom(row: EntryRow): JournalEntry {
  const recordedAt = row.recorded_at.toISOString();
  return {
    id: row.id,
    kind: row.kind,
    accountId: row.account_id,
    withdrawalId: row.withdrawal_id,
    reference: row.reference,
    reverses: row.reverses,
    reason: row.reason,
    effectiveAt: row.effective_at?.toISOString() ?? recordedAt,
    recordedAt,
    postings: (row.postings ?? []).map((line) => {
      const account = chartAccount(line.account);
      if (!account) throw new Error(`entry ${row.id} posts to ${line.account}, which is not in the chart of accounts`);
      return { account, amount: amountOf(line.amount, line.asset) };
    }),
  };
}

function ownerOf({ id, accountId }: JournalEntry): { entryId: string; accountId: string } {
  return { entryId: id, accountId };
}

function first(entry: JournalEntry): JournalEntry['postings'][number] {
  return lineOf(entry, 0);
}

function second(entry: JournalEntry): JournalEntry['postings'][number] {
  return lineOf(entry, 1);
}

function lineOf({ id, postings }: JournalEntry, index: number): JournalEntry['postings'][number] {
  const posting = postings[index];
  if (!posting) throw new Error(`entry ${id} has no line ${index + 1}`);
  return posting;
}
