import { Book, type Account, type Balance, type Freeze } from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';
import type { LedgerCommand } from '../wire/ledger-command.js';
import { amountOf } from '../wire/wire.js';
import { loadFirstOutcomes, touchedKeys, type TouchedKeys } from './entry-keys.js';
import { HOLD_ROW, holdFrom, type HoldRow } from './hold-row.js';
import { loadEntries } from './load-entries.js';

/**
 * Locks and loads the rows of a batch in one round trip, in key order. The balance row is the lock
 * of account and asset; a first funding inserts it.
 */
export async function lockBook(tx: Tx, commands: readonly LedgerCommand[]): Promise<Book> {
  const keys = touchedKeys(commands);
  const [before, , balances, , seen, freezes, holds, answers, entries] = await Promise.all([
    accountsBeforeSeeding(tx, keys),
    seedBalances(tx, keys),
    lockBalances(tx, keys),
    lockAccounts(tx, keys),
    tx.query<AccountRow>(
      'SELECT id, name, opened_at::text, frozen FROM account WHERE id = ANY ($1::uuid[])',
      [keys.accounts],
    ),
    freezesOf(tx, keys),
    holdsOf(tx, keys),
    loadFirstOutcomes(tx, keys),
    loadEntries(tx, keys),
  ]);
  const accounts = before === null ? seen : seen.filter((row) => before.has(row.id));
  return new Book({
    accounts: accounts.map(accountFrom),
    freezes,
    balances: balances.map((row): Balance => ({
      accountId: row.account_id,
      posted: amountOf(row.posted, row.asset),
      held: amountOf(row.held, row.asset),
    })),
    holds: holds.map(holdFrom),
    ...answers,
    entries,
  });
}

async function holdsOf(tx: Tx, { holds, references }: TouchedKeys): Promise<HoldRow[]> {
  if (holds.length === 0) return [];
  if (references.length === 0) return tx.query<HoldRow>(HOLDS, [holds]);
  return tx.query<HoldRow>(HOLDS_AND_THOSE_OF_REFERENCES, [
    holds,
    references.map(({ accountId }) => accountId),
    references.map(({ reference }) => reference),
  ]);
}

const HOLDS = `SELECT ${HOLD_ROW} FROM hold WHERE withdrawal_id = ANY ($1::uuid[])`;
const HOLDS_AND_THOSE_OF_REFERENCES = `
  ${HOLDS}
   UNION ALL
  SELECT ${HOLD_ROW} FROM unnest($2::uuid[], $3::text[]) AS k(account_id, reference) JOIN hold h USING (account_id, reference)
   WHERE h.withdrawal_id <> ALL ($1::uuid[])`;

interface AccountRow {
  id: string;
  name: string;
  opened_at: string;
  frozen: boolean;
}

/** Parses `openedAt` only on access, for speed. */
function accountFrom({ id, name, frozen, opened_at }: AccountRow): Account {
  return {
    id,
    name,
    frozen,
    get openedAt() {
      return new Date(opened_at).toISOString();
    },
  };
}

interface BalanceRow {
  account_id: string;
  asset: string;
  posted: string;
  held: string;
}

/**
 * Accounts that existed before balances were seeded; null without seeding. An account opened
 * meanwhile has no balance row and must stay unknown.
 */
async function accountsBeforeSeeding(
  tx: Tx,
  { credited, accounts }: TouchedKeys,
): Promise<ReadonlySet<string> | null> {
  if (credited.length === 0) return null;
  const rows = await tx.query<{ id: string }>(
    'SELECT id FROM account WHERE id = ANY ($1::uuid[])',
    [accounts],
  );
  return new Set(rows.map((row) => row.id));
}

async function seedBalances(tx: Tx, { credited, opened }: TouchedKeys): Promise<void> {
  if (credited.length === 0) return;
  await tx.query(
    `INSERT INTO balance (account_id, asset)
     SELECT DISTINCT k.account_id, k.asset FROM unnest($1::uuid[], $2::text[]) AS k(account_id, asset)
      WHERE k.account_id = ANY ($3::uuid[]) OR EXISTS (SELECT FROM account a WHERE a.id = k.account_id)
      ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
    [credited.map(({ accountId }) => accountId), credited.map(({ asset }) => asset), opened],
  );
}

/**
 * Locks the balances of a batch in order. Commands without an asset take that of hold or entry; a
 * freeze locks all.
 */
function lockBalances(
  tx: Tx,
  { balances, byHold, reversed, frozen }: TouchedKeys,
): Promise<BalanceRow[]> {
  const hasReversalOrFreeze = reversed.length + frozen.length > 0;
  const touchedSql = hasReversalOrFreeze
    ? `${TOUCHED_BALANCES}${BALANCES_OF_REVERSALS_AND_FREEZES}`
    : TOUCHED_BALANCES;
  return tx.query<BalanceRow>(
    `SELECT b.account_id, b.asset, b.posted, b.held
       FROM balance b
       JOIN (${touchedSql}) AS k USING (account_id, asset)
      ORDER BY b.account_id, b.asset FOR UPDATE OF b`,
    [
      balances.map((key) => key.accountId),
      balances.map((key) => key.asset),
      byHold,
      ...(hasReversalOrFreeze ? [reversed, frozen] : []),
    ],
  );
}

const TOUCHED_BALANCES = `
  SELECT * FROM unnest($1::uuid[], $2::text[]) AS named(account_id, asset)
  UNION SELECT account_id, asset FROM hold WHERE withdrawal_id = ANY ($3::uuid[])`;

const BALANCES_OF_REVERSALS_AND_FREEZES = `
  UNION SELECT e.account_id, asset FROM journal_entry e, unnest(e.assets) AS asset WHERE e.id = ANY ($4::uuid[])
  UNION SELECT account_id, asset FROM balance WHERE account_id = ANY ($5::uuid[])`;

/** Two freezes of an account without a balance share no other lock. */
async function lockAccounts(tx: Tx, { frozen }: TouchedKeys): Promise<void> {
  if (frozen.length > 0)
    await tx.query(
      'SELECT FROM account WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
      [frozen],
    );
}

interface FreezeRow {
  account_id: string;
  freeze_id: string;
  reason: string;
  frozen_at: Date;
  lifted_at: Date | null;
}

async function freezesOf(tx: Tx, { frozen }: TouchedKeys): Promise<Freeze[]> {
  if (frozen.length === 0) return [];
  const rows = await tx.query<FreezeRow>(
    'SELECT * FROM account_freeze WHERE account_id = ANY ($1::uuid[])',
    [frozen],
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    freezeId: row.freeze_id,
    reason: row.reason,
    frozenAt: row.frozen_at.toISOString(),
    liftedAt: row.lifted_at?.toISOString() ?? null,
  }));
}
