import type { JournalEntry } from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';

/** Appends entries and their postings to the journal, with a statement for each table. */
export function saveEntries(tx: Tx, entries: readonly JournalEntry[]): void {
  if (entries.length === 0) return;
  void tx.query(
    `INSERT INTO journal_entry (id, kind, account_id, withdrawal_id, reference, reverses, reason, effective_at, recorded_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::timestamptz[], $9::timestamptz[])`,
    [
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.accountId),
      entries.map((entry) => entry.withdrawalId),
      entries.map((entry) => entry.reference),
      entries.map((entry) => entry.reverses),
      entries.map((entry) => entry.reason),
      entries.map((entry) => (entry.effectiveAt === entry.recordedAt ? null : entry.effectiveAt)),
      entries.map((entry) => entry.recordedAt),
    ],
  );
  const lines = entries.flatMap((entry) =>
    entry.postings.map((posting, index) => ({ entryId: entry.id, line: index + 1, ...posting })),
  );
  void tx.query(
    `INSERT INTO posting (entry_id, line, account, asset, amount)
     SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::numeric[])`,
    [
      lines.map((line) => line.entryId),
      lines.map((line) => line.line),
      lines.map((line) => line.account),
      lines.map((line) => line.amount.asset),
      lines.map((line) => line.amount.toString()),
    ],
  );
}
