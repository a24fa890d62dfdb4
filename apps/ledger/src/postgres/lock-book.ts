import { Book, type Account, type Balance, type Funding, type VenueFee } from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';
import type { LedgerCommand } from '../ledger-command.js';
import { amountOf } from '../wire.js';
import { holdFrom, type HoldRow } from './hold-row.js';
import { namedBy, type Named } from './named-by.js';

/**
 * Locks and loads what one batch names, in one round trip. The balance rows are the lock of everything that happens to their
 * account and asset, taken in key order; holds are read after it. FOR UPDATE locks nothing where there is no row, so a first
 * funding puts one there.
 */
export async function lockBook(tx: Tx, commands: readonly LedgerCommand[]): Promise<Book> {
  const named = namedBy(commands);
  // Accounts first: each statement sees what was committed before it, and an account that this one sees must find its balance
  // row seeded by the next. The other way round, an account opened in between would be funded without a row to hold the money.
  const [accounts, , balances, holds, fundings, venueFees] = await Promise.all([
    tx.query<AccountRow>('SELECT id, name, opened_at FROM account WHERE id = ANY ($1::uuid[])', [named.accounts]),
    seedBalances(tx, named),
    lockBalances(tx, named),
    named.holds.length === 0 ? [] : tx.query<HoldRow>('SELECT * FROM hold WHERE withdrawal_id = ANY ($1::uuid[])', [named.holds]),
    fundingsOf(tx, named),
    venueFeesOf(tx, named),
  ]);
  return new Book({
    accounts: accounts.map((row): Account => ({ id: row.id, name: row.name, openedAt: row.opened_at.toISOString() })),
    balances: balances.map((row): Balance => ({
      accountId: row.account_id,
      posted: amountOf(row.posted, row.asset),
      held: amountOf(row.held, row.asset),
    })),
    holds: holds.map(holdFrom),
    fundings,
    venueFees,
  });
}

interface AccountRow {
  id: string;
  name: string;
  opened_at: Date;
}

interface BalanceRow {
  account_id: string;
  asset: string;
  posted: string;
  held: string;
}

async function seedBalances(tx: Tx, { fundings, opened }: Named): Promise<void> {
  if (fundings.length === 0) return;
  await tx.query(
    `INSERT INTO balance (account_id, asset)
     SELECT DISTINCT k.account_id, k.asset FROM unnest($1::uuid[], $2::text[]) AS k(account_id, asset)
      WHERE k.account_id = ANY ($3::uuid[]) OR EXISTS (SELECT FROM account a WHERE a.id = k.account_id)
      ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
    [fundings.map((funding) => funding.accountId), fundings.map((funding) => funding.asset), opened],
  );
}

/** Commands that name no asset have it from their hold. Rows of one statement are locked in the order of its ORDER BY. */
function lockBalances(tx: Tx, { balances, byHold }: Named): Promise<BalanceRow[]> {
  return tx.query<BalanceRow>(
    `SELECT b.account_id, b.asset, b.posted, b.held
       FROM balance b
       JOIN (SELECT * FROM unnest($1::uuid[], $2::text[]) AS named(account_id, asset)
             UNION SELECT account_id, asset FROM hold WHERE withdrawal_id = ANY ($3::uuid[])) AS k USING (account_id, asset)
      ORDER BY b.account_id, b.asset FOR UPDATE OF b`,
    [balances.map((key) => key.accountId), balances.map((key) => key.asset), byHold],
  );
}

interface FirstPostingRow {
  id: string;
  account_id: string;
  withdrawal_id: string;
  reference: string;
  account: string;
  asset: string;
  amount: string;
}

/** The first posting of a funding is the customer's credit. */
async function fundingsOf(tx: Tx, { fundings }: Named): Promise<Funding[]> {
  if (fundings.length === 0) return [];
  const rows = await tx.query<FirstPostingRow>(
    `SELECT e.id, e.account_id, e.reference, p.asset, p.amount
       FROM unnest($1::uuid[], $2::text[]) AS k(account_id, reference)
       JOIN journal_entry e ON e.kind = 'funding' AND e.account_id = k.account_id AND e.reference = k.reference
       JOIN posting p ON p.entry_id = e.id AND p.line = 1`,
    [fundings.map((funding) => funding.accountId), fundings.map((funding) => funding.reference)],
  );
  return rows.map((row) => ({ accountId: row.account_id, reference: row.reference, amount: amountOf(row.amount, row.asset), entryId: row.id }));
}

/** The first posting of a venue's fee is the credit of its clearing account. */
async function venueFeesOf(tx: Tx, { feesOf }: Named): Promise<VenueFee[]> {
  if (feesOf.length === 0) return [];
  const rows = await tx.query<FirstPostingRow>(
    `SELECT e.id, e.account_id, e.withdrawal_id, p.account, p.asset, p.amount
       FROM journal_entry e JOIN posting p ON p.entry_id = e.id AND p.line = 1
      WHERE e.kind = 'venue_fee' AND e.withdrawal_id = ANY ($1::uuid[])`,
    [feesOf],
  );
  return rows.map((row) => ({
    withdrawalId: row.withdrawal_id,
    accountId: row.account_id,
    venue: row.account.slice('clearing:'.length),
    amount: amountOf(row.amount, row.asset),
    entryId: row.id,
  }));
}
