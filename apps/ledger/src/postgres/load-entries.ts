import { chartAccount, type EntryKind, type JournalEntry } from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';
import type { ChainedEntry } from '../hash-chain/chain-digest.js';
import type { Query } from '../sql/id-ranges.js';
import { amountOf } from '../wire/wire.js';
import type { TouchedKeys } from './entry-keys.js';

/** Loads journal entries with their postings. Entries of detached partitions are not found. */
export async function loadEntries(tx: Tx, { reversed }: TouchedKeys): Promise<JournalEntry[]> {
  if (reversed.length === 0) return [];
  const rows = await tx.query<EntryRow>(
    `${ENTRY_ROW} FROM journal_entry e WHERE e.id = ANY ($1::uuid[])`,
    [reversed],
  );
  return rows.map(entryFrom);
}

/** Start of a SELECT over `journal_entry e`, returning EntryRows. */
export const ENTRY_ROW = `
  SELECT e.id, e.kind, e.account_id, e.withdrawal_id, e.reference, e.reverses, e.reason, e.effective_at, e.recorded_at,
         (SELECT json_agg(json_build_object('account', l.account, 'asset', l.asset, 'amount', l.amount::text) ORDER BY l.line)
            FROM unnest(e.accounts, e.assets, e.amounts) WITH ORDINALITY AS l(account, asset, amount, line)) AS postings`;

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
  postings:
    readonly { readonly account: string; readonly asset: string; readonly amount: string }[] | null;
}

/** Converts a row to an entry. Throws if an account is not in the chart. */
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
      if (!account)
        throw new Error(
          `entry ${row.id} posts to ${line.account}, which is not in the chart of accounts`,
        );
      return { account, amount: amountOf(line.amount, line.asset) };
    }),
  };
}

/** Appends entries with their postings and places to the journal, and moves the heads of the chains. */
export async function saveEntries(
  query: Query,
  chains: readonly (readonly ChainedEntry[])[],
): Promise<void> {
  const chained = chains.flat();
  const entries = chained.map(({ entry }) => entry);
  const heads = chains.flatMap((chain) => chain.at(-1) ?? []);
  await query(SAVE, [
    entries.map((entry) => entry.id),
    entries.map((entry) => entry.kind),
    entries.map((entry) => entry.accountId),
    entries.map((entry) => entry.withdrawalId),
    entries.map((entry) => entry.reference),
    entries.map((entry) => entry.reverses),
    entries.map((entry) => entry.reason),
    entries.map((entry) => (entry.effectiveAt === entry.recordedAt ? null : entry.effectiveAt)),
    entries.map((entry) => entry.recordedAt),
    entries.map(({ postings }) => arrayText(postings.map(({ account }) => account))),
    entries.map(({ postings }) => arrayText(postings.map(({ amount }) => amount.asset))),
    entries.map(({ postings }) => arrayText(postings.map(({ amount }) => amount.toString()))),
    chained.map(({ shard }) => shard),
    chained.map(({ sequence }) => sequence),
    chained.map(({ keyId }) => keyId),
    chained.map(({ hash }) => hash),
    heads.map(({ shard }) => shard),
    heads.map(({ sequence }) => sequence),
    heads.map(({ hash }) => hash),
  ]);
}

const SAVE = `
  WITH moved AS (
    UPDATE chain_head h SET sequence = k.sequence, hash = decode(k.hash, 'hex')
      FROM unnest($17::smallint[], $18::bigint[], $19::text[]) AS k(shard, sequence, hash) WHERE h.shard = k.shard)
  INSERT INTO journal_entry (id, kind, account_id, withdrawal_id, reference, reverses, reason, effective_at, recorded_at, accounts, assets, amounts, shard, sequence, key_id, mac)
  SELECT id, kind, account_id, withdrawal_id, reference, reverses, reason, effective_at, recorded_at, accounts::text[], assets::text[], amounts::numeric[],
         shard, sequence, key_id, decode(mac, 'hex')
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::text[],
                $13::smallint[], $14::bigint[], $15::text[], $16::text[])
      AS k(id, kind, account_id, withdrawal_id, reference, reverses, reason, effective_at, recorded_at, accounts, assets, amounts, shard, sequence, key_id, mac)`;

/** Text of a PostgreSQL array: the lines of each entry are an element of one parameter. */
function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => JSON.stringify(value)).join(',')}}`;
}
