import type { Account, Balance, BookChanges, Hold, JournalEntry } from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';

/** Writes what a batch did, one statement per table, none waiting for another. Throws when a balance had no row to be written to. */
export async function saveChanges(tx: Tx, changes: BookChanges): Promise<void> {
  saveAccounts(tx, changes.openedAccounts);
  const updated = updateBalances(tx, changes.balances);
  saveNewHolds(tx, changes.newHolds);
  saveClosedHolds(tx, changes.closedHolds);
  saveEntries(tx, changes.entries);
  if ((await updated) !== changes.balances.length) throw new Error('a balance that changed has no row: nothing of this batch may be kept');
}

export function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}

function saveAccounts(tx: Tx, accounts: readonly Account[]): void {
  if (accounts.length === 0) return;
  void tx.query('INSERT INTO account (id, name, opened_at) SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])', [
    accounts.map((account) => account.id),
    accounts.map((account) => account.name),
    accounts.map((account) => account.openedAt),
  ]);
}

/** Answers how many rows there were. */
async function updateBalances(tx: Tx, balances: readonly Balance[]): Promise<number> {
  if (balances.length === 0) return 0;
  const rows = await tx.query(
    `UPDATE balance b SET posted = k.posted, held = k.held
       FROM unnest($1::uuid[], $2::text[], $3::numeric[], $4::numeric[]) AS k(account_id, asset, posted, held)
      WHERE b.account_id = k.account_id AND b.asset = k.asset RETURNING b.account_id`,
    [
      balances.map((balance) => balance.accountId),
      balances.map((balance) => balance.posted.asset),
      balances.map((balance) => balance.posted.toString()),
      balances.map((balance) => balance.held.toString()),
    ],
  );
  return rows.length;
}

/** Most holds of a batch are merely placed; those that were also refused or closed in it bring more columns. */
function saveNewHolds(tx: Tx, holds: readonly Hold[]): void {
  const { plain = [], decided = [] } = Object.groupBy(holds, (hold) => (hold.state === 'placed' ? 'plain' : 'decided'));
  if (plain.length > 0) {
    void tx.query(
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, decided_at, state)
       SELECT *, 'placed' FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::timestamptz[])`,
      termColumns(plain),
    );
  }
  if (decided.length > 0) {
    void tx.query(
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, decided_at, state, closed_at, captured, fee, venue, entry_id, reason, available)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::timestamptz[], $6::text[], $7::timestamptz[],
                            $8::numeric[], $9::numeric[], $10::text[], $11::uuid[], $12::text[], $13::numeric[])`,
      [...termColumns(decided), ...outcomeColumns(decided)],
    );
  }
}

function saveClosedHolds(tx: Tx, holds: readonly Hold[]): void {
  if (holds.length === 0) return;
  void tx.query(
    `UPDATE hold h SET state = k.state, closed_at = k.closed_at, captured = k.captured, fee = k.fee, venue = k.venue, entry_id = k.entry_id, reason = k.reason
       FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::numeric[], $5::numeric[], $6::text[], $7::uuid[], $8::text[], $9::numeric[])
         AS k(withdrawal_id, state, closed_at, captured, fee, venue, entry_id, reason, available)
      WHERE h.withdrawal_id = k.withdrawal_id AND h.state = 'placed'`,
    [holds.map((hold) => hold.withdrawalId), ...outcomeColumns(holds)],
  );
}

function termColumns(holds: readonly Hold[]): unknown[][] {
  return [
    holds.map((hold) => hold.withdrawalId),
    holds.map((hold) => hold.accountId),
    holds.map((hold) => hold.amount.asset),
    holds.map((hold) => hold.amount.toString()),
    holds.map((hold) => hold.decidedAt),
  ];
}

/** state, closed_at, captured, fee, venue, entry_id, reason, available */
function outcomeColumns(holds: readonly Hold[]): unknown[][] {
  const captured = holds.map((hold) => (hold.state === 'captured' ? hold : null));
  return [
    holds.map((hold) => hold.state),
    holds.map((hold) => (hold.state === 'captured' || hold.state === 'released' ? hold.closedAt : null)),
    captured.map((hold) => hold?.captured.toString() ?? null),
    captured.map((hold) => hold?.fee.toString() ?? null),
    captured.map((hold) => hold?.venue ?? null),
    captured.map((hold) => hold?.entryId ?? null),
    holds.map((hold) => (hold.state === 'refused' ? hold.refusal.kind : hold.state === 'released' ? hold.reason : null)),
    holds.map((hold) => (hold.state === 'refused' && hold.refusal.kind === 'insufficient_funds' ? hold.refusal.available.toString() : null)),
  ];
}

function saveEntries(tx: Tx, entries: readonly JournalEntry[]): void {
  if (entries.length === 0) return;
  void tx.query(
    `INSERT INTO journal_entry (id, kind, account_id, withdrawal_id, reference, recorded_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[])`,
    [
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.accountId),
      entries.map((entry) => entry.withdrawalId),
      entries.map((entry) => entry.reference),
      entries.map((entry) => entry.recordedAt),
    ],
  );
  const lines = entries.flatMap((entry) => entry.postings.map((posting, index) => ({ entryId: entry.id, line: index + 1, ...posting })));
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
