import {
  HOUSE_ACCOUNT,
  walletOf,
  type BookRows,
  type EntryKind,
  type JournalEntry,
} from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';
import { amountOf } from '../wire/wire.js';
import type { TouchedKeys } from './touched-keys.js';

/**
 * Business key of an entry, and the outcome for replays of the command. Kept for ever, even after
 * the entry's partition is detached. A capture has no row: the hold is the key.
 */
interface KeyRow {
  readonly kind: EntryKind;
  readonly subject: string;
  readonly reference: string;
  readonly entry_id: string;
  readonly account_id: string;
  readonly asset: string;
  readonly amount: string;
  readonly from_account: string;
  readonly to_account: string;
  readonly reason: string | null;
}

type FirstOutcomes = Pick<
  BookRows,
  | 'fundings'
  | 'transfers'
  | 'venueFees'
  | 'returns'
  | 'gas'
  | 'gasTopUps'
  | 'walletFundings'
  | 'reversals'
>;

const NONE: FirstOutcomes = {
  fundings: [],
  transfers: [],
  venueFees: [],
  returns: [],
  gas: [],
  gasTopUps: [],
  walletFundings: [],
  reversals: [],
};

/**
 * Loads the first outcomes of this batch's business keys, stored by earlier batches, in a single
 * statement.
 */
export async function loadFirstOutcomes(
  tx: Tx,
  { fundings, transfers, feesOf, returnsOf, gas, topUps, walletFundings, reversed }: TouchedKeys,
): Promise<FirstOutcomes> {
  const keys = [
    ...fundings.map(({ accountId, reference }) => ['funding', accountId, reference]),
    ...transfers.map(({ accountId, reference }) => ['transfer', accountId, reference]),
    ...gas.map((reference) => ['gas', HOUSE_ACCOUNT, reference]),
    ...topUps.map((reference) => ['gas_topup', HOUSE_ACCOUNT, reference]),
    ...walletFundings.map((reference) => ['wallet_funding', HOUSE_ACCOUNT, reference]),
    ...reversed.map((entryId) => ['reversal', entryId, '']),
  ];
  if (keys.length + feesOf.length + returnsOf.length === 0) return NONE;
  const rows = await tx.query<KeyRow>(
    `WITH kept AS MATERIALIZED (
       SELECT * FROM entry_key WHERE kind = 'venue_fee' AND subject = ANY ($4::uuid[])
       UNION ALL SELECT k.* FROM unnest($5::uuid[] || ARRAY(SELECT withdrawal_id FROM journal_entry WHERE kind = 'capture' AND id = ANY ($6::uuid[]))) AS paid(id)
         JOIN entry_key k ON k.kind = 'return' AND k.subject = paid.id AND k.reference = '')
     SELECT * FROM kept
     UNION SELECT k.* FROM kept JOIN entry_key k ON k.kind = 'reversal' AND k.subject = kept.entry_id AND k.reference = ''
     UNION SELECT k.* FROM hold h JOIN entry_key k ON k.kind = 'reversal' AND k.subject = h.entry_id AND k.reference = '' WHERE h.withdrawal_id = ANY ($5::uuid[])
     UNION SELECT k.* FROM unnest($1::text[], $2::uuid[], $3::text[]) AS named(kind, subject, reference) JOIN entry_key k USING (kind, subject, reference)`,
    [...[0, 1, 2].map((column) => keys.map((key) => key[column])), feesOf, returnsOf, reversed],
  );
  return outcomesOf(rows);
}

function outcomesOf(rows: readonly KeyRow[]): FirstOutcomes {
  const of = (kind: EntryKind): KeyRow[] => rows.filter((row) => row.kind === kind);
  return {
    fundings: of('funding').map((row) => ({
      ...ownerOf(row),
      reference: row.reference,
      amount: amountOf(row.amount, row.asset),
    })),
    transfers: of('transfer').map((row) => ({
      ...ownerOf(row),
      reference: row.reference,
      from: row.from_account,
      to: row.to_account,
      amount: amountOf(row.amount, row.asset).negated(),
    })),
    venueFees: of('venue_fee').map((row) => ({
      ...ownerOf(row),
      withdrawalId: row.subject,
      reference: row.reference || null,
      venue: row.to_account.slice('venue-fee:'.length),
      amount: amountOf(row.amount, row.asset),
    })),
    returns: of('return').map((row) => ({
      ...ownerOf(row),
      withdrawalId: row.subject,
      venue: row.to_account.slice('clearing:'.length),
      amount: amountOf(row.amount, row.asset),
    })),
    gas: of('gas').map((row) => ({
      ...bookedBy(row),
      wallet: walletOf(row.from_account),
    })),
    gasTopUps: of('gas_topup').map(bookedBy),
    walletFundings: of('wallet_funding').map((row) => ({
      ...bookedBy(row),
      wallet: walletOf(row.to_account),
    })),
    reversals: of('reversal').map((row) => ({
      ...ownerOf(row),
      reverses: row.subject,
      reason: row.reason ?? '',
    })),
  };
}

function bookedBy({ reference, asset, amount, entry_id: entryId }: KeyRow) {
  return { reference, amount: amountOf(amount, asset), entryId };
}

/**
 * Saves the keys of the new entries. Fails the batch if another transaction has committed the same
 * key meanwhile.
 */
export function saveKeys(tx: Tx, entries: readonly JournalEntry[]): void {
  const keys = entries.filter((entry) => entry.kind !== 'capture');
  if (keys.length === 0) return;
  const lines = keys.map(({ postings: [from, to] }) => ({ from, to }));
  void tx.query(
    `INSERT INTO entry_key (kind, subject, reference, entry_id, account_id, asset, amount, from_account, to_account, reason)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::numeric[], $8::text[], $9::text[], $10::text[])`,
    [
      keys.map((entry) => entry.kind),
      keys.map(subjectOf),
      keys.map((entry) => entry.reference ?? ''),
      keys.map((entry) => entry.id),
      keys.map((entry) => entry.accountId),
      lines.map(({ from }) => from?.amount.asset),
      lines.map(({ from }) => from?.amount.toString()),
      lines.map(({ from }) => from?.account),
      lines.map(({ to }) => to?.account),
      keys.map((entry) => entry.reason),
    ],
  );
}

function subjectOf({ kind, accountId, withdrawalId, reverses }: JournalEntry): string | null {
  if (kind === 'venue_fee' || kind === 'return') return withdrawalId;
  return kind === 'reversal' ? reverses : accountId;
}

function ownerOf({ entry_id, account_id }: KeyRow): { entryId: string; accountId: string } {
  return { entryId: entry_id, accountId: account_id };
}
