import type { Account, Balance, BookChanges, Freeze, Hold } from '@sluice/ledger-core';
import { isBeforeRetentionCutoff, type Tx } from '@sluice/postgres';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import type { ChainHead } from '../hash-chain/chain-report.js';
import { extendChain } from '../hash-chain/extend-chain.js';
import { saveSharedSums } from '../house-accounts/save-shared-sums.js';
import { saveKeys } from './entry-keys.js';
import { OPEN_STATES, PLACED } from '../sql/hold-state-sql.js';
import { saveEntries } from './save-entries.js';

/**
 * Writes the changes of a batch, with a pipelined statement per table. The transaction fails if a
 * changed balance has no row or a changed hold is no longer placed. Returns the heads of the
 * extended chains, valid once the transaction has committed.
 */
export function saveChanges(
  tx: Tx,
  changes: BookChanges,
  keys: ChainKeys,
): Promise<readonly ChainHead[]> {
  saveAccounts(tx, changes.openedAccounts);
  saveFreezes(tx, changes);
  tx.require(updateBalances(tx, changes.balances));
  tx.require(requireRemembered(tx, changes.newHolds));
  saveNewHolds(tx, changes.newHolds);
  tx.require(saveChangedHolds(tx, changes.changedHolds));
  saveEntries(tx, changes.entries);
  saveKeys(tx, changes.entries);
  saveSharedSums(tx, changes.entries);
  const linked = extendChain((sql, params) => tx.query(sql, params), changes.entries, keys);
  tx.require(linked);
  return linked;
}

/** Position of the version digit in the text of a UUID. */
const VERSION_AT = 14;
const IS_FORGOTTEN = isBeforeRetentionCutoff('$1::uuid');

export function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}

function saveAccounts(tx: Tx, accounts: readonly Account[]): void {
  if (accounts.length === 0) return;
  void tx.query(
    'INSERT INTO account (id, name, opened_at, frozen) SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::boolean[])',
    [
      accounts.map((account) => account.id),
      accounts.map((account) => account.name),
      accounts.map((account) => account.openedAt),
      accounts.map((account) => account.frozen),
    ],
  );
}

function saveFreezes(tx: Tx, { freezes, frozen }: Pick<BookChanges, 'freezes' | 'frozen'>): void {
  if (freezes.length === 0) return;
  void tx.query(
    `INSERT INTO account_freeze (account_id, freeze_id, reason, frozen_at, lifted_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
     ON CONFLICT (account_id, freeze_id) DO UPDATE SET lifted_at = excluded.lifted_at`,
    columnsOf(freezes, 'accountId', 'freezeId', 'reason', 'frozenAt', 'liftedAt'),
  );
  void tx.query(
    'UPDATE account a SET frozen = k.frozen FROM unnest($1::uuid[], $2::boolean[]) AS k(id, frozen) WHERE a.id = k.id',
    [frozen.map(({ id }) => id), frozen.map((account) => account.frozen)],
  );
}

function columnsOf(freezes: readonly Freeze[], ...fields: (keyof Freeze)[]): unknown[][] {
  return fields.map((field) => freezes.map((freeze) => freeze[field]));
}

async function updateBalances(tx: Tx, balances: readonly Balance[]): Promise<void> {
  if (balances.length === 0) return;
  const [moved] = await tx.query<{ rows: number }>(
    `WITH moved AS (
       UPDATE balance b SET posted = k.posted, held = k.held
         FROM unnest($1::uuid[], $2::text[], $3::numeric[], $4::numeric[]) AS k(account_id, asset, posted, held)
        WHERE b.account_id = k.account_id AND b.asset = k.asset RETURNING 1
     ) SELECT count(*)::int AS rows FROM moved`,
    [
      balances.map((balance) => balance.accountId),
      balances.map((balance) => balance.posted.asset),
      balances.map((balance) => balance.posted.toString()),
      balances.map((balance) => balance.held.toString()),
    ],
  );
  if (moved?.rows !== balances.length)
    throw new Error('a balance that changed has no row: nothing of this batch may be kept');
}

/**
 * Most holds of a batch are merely placed. Expiring, refused or changed holds need more columns.
 */
function saveNewHolds(tx: Tx, holds: readonly Hold[]): void {
  const { plain = [], rich = [] } = Object.groupBy(holds, (hold) =>
    isPlain(hold) ? 'plain' : 'rich',
  );
  if (plain.length > 0) {
    void tx.query(
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, decided_at, digest, reference, assigned_to, state)
       SELECT *, ${PLACED} FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])`,
      termColumns(plain),
    );
  }
  if (rich.length > 0) {
    void tx.query(
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, decided_at, digest, reference, assigned_to, state, expires_at, submission_started_at, closed_at,
                         captured, fee, venue, entry_id, reason, available)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[],
                            $11::timestamptz[], $12::timestamptz[], $13::numeric[], $14::numeric[], $15::text[], $16::uuid[], $17::text[], $18::numeric[])`,
      [...termColumns(rich), ...stateColumns(rich)],
    );
  }
}

/**
 * Throws for a withdrawal id from before the retention limit: the hold may have been captured and
 * deleted, and must not be placed again. Checking the oldest id is enough.
 */
async function requireRemembered(tx: Tx, holds: readonly Hold[]): Promise<void> {
  let oldest: string | null = null;
  for (const { withdrawalId: id } of holds)
    if (id[VERSION_AT] === '7' && (oldest === null || id < oldest)) oldest = id;
  if (oldest === null) return;
  const [row] = await tx.query<{ forgotten: boolean }>(`SELECT ${IS_FORGOTTEN} AS forgotten`, [
    oldest,
  ]);
  if (row?.forgotten)
    throw new Error(
      `withdrawal ${oldest} is older than what is kept here (RETENTION_DAYS) and may have had its hold`,
    );
}

function isPlain(hold: Hold): boolean {
  return hold.state === 'placed' && hold.expiresAt === null && hold.submissionStartedAt === null;
}

/**
 * Throws if a hold is no longer placed. This check ensures a single capture per withdrawal, over
 * all partitions of the journal.
 */
async function saveChangedHolds(tx: Tx, holds: readonly Hold[]): Promise<void> {
  if (holds.length === 0) return;
  const rows = await tx.query(
    `UPDATE hold h SET state = k.state, expires_at = k.expires_at, submission_started_at = k.submission_started_at, closed_at = k.closed_at,
                       captured = k.captured, fee = k.fee, venue = k.venue, entry_id = k.entry_id, reason = k.reason, assigned_to = k.assigned_to
       FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::numeric[], $7::numeric[],
                   $8::text[], $9::uuid[], $10::text[], $11::numeric[], $12::text[])
         AS k(withdrawal_id, state, expires_at, submission_started_at, closed_at, captured, fee, venue, entry_id, reason, available, assigned_to)
      WHERE h.withdrawal_id = k.withdrawal_id AND h.state IN (${OPEN_STATES}) RETURNING 1`,
    [
      holds.map((hold) => hold.withdrawalId),
      ...stateColumns(holds),
      holds.map((hold) => hold.assignedTo),
    ],
  );
  if (rows.length !== holds.length)
    throw new Error('a hold that ended had ended before: nothing of this batch may be kept');
}

function termColumns(holds: readonly Hold[]): unknown[][] {
  return [
    holds.map((hold) => hold.withdrawalId),
    holds.map((hold) => hold.accountId),
    holds.map((hold) => hold.amount.asset),
    holds.map((hold) => hold.amount.toString()),
    holds.map((hold) => hold.decidedAt),
    holds.map((hold) => hold.digest),
    holds.map((hold) => hold.reference),
    holds.map((hold) => hold.assignedTo),
  ];
}

/** state, expires_at, submission_started_at, closed_at, captured, fee, venue, entry_id, reason, available */
function stateColumns(holds: readonly Hold[]): unknown[][] {
  const captured = holds.map((hold) => (hold.state === 'captured' ? hold : null));
  return [
    holds.map((hold) => hold.state),
    holds.map((hold) => (hold.state === 'placed' ? hold.expiresAt : null)),
    holds.map((hold) => (hold.state === 'refused' ? null : hold.submissionStartedAt)),
    holds.map((hold) => ('closedAt' in hold ? hold.closedAt : null)),
    captured.map((hold) => hold?.captured.toString() ?? null),
    captured.map((hold) => hold?.fee.toString() ?? null),
    captured.map((hold) => hold?.venue ?? null),
    captured.map((hold) => hold?.entryId ?? null),
    holds.map((hold) =>
      hold.state === 'refused' ? hold.refusal.kind : hold.state === 'released' ? hold.reason : null,
    ),
    holds.map((hold) =>
      hold.state === 'refused' && hold.refusal.kind === 'insufficient_funds'
        ? hold.refusal.available.toString()
        : null,
    ),
  ];
}
