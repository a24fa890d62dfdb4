import { currencyOf, networkOf } from '@sluice/money';
import type { Database } from '@sluice/postgres';
import { amountOf, assetFrom } from '../wire.js';

export interface BalanceView {
  readonly asset: string;
  readonly currency: string;
  readonly network: string;
  readonly posted: string;
  readonly held: string;
  readonly available: string;
}

export interface EntryView {
  readonly entry_id: string;
  readonly kind: string;
  readonly account_id: string;
  readonly withdrawal_id: string | null;
  readonly reference: string | null;
  readonly recorded_at: string;
  readonly postings: readonly { readonly account: string; readonly asset: string; readonly amount: string }[];
}

export interface StatementLine {
  readonly entry_id: string;
  readonly kind: string;
  readonly asset: string;
  readonly amount: string;
  readonly withdrawal_id: string | null;
  readonly reference: string | null;
  readonly recorded_at: string;
}

/** What the ledger answers to questions; nothing here locks or changes anything. */
export class LedgerQueries {
  constructor(private readonly database: Database) {}

  async accountExists(accountId: string): Promise<boolean> {
    const rows = await this.database.query('SELECT FROM account WHERE id = $1', [accountId]);
    return rows.length > 0;
  }

  /** In order of asset; an asset that never arrived has no row. */
  async balances(accountId: string, filter: { currency?: string; network?: string } = {}): Promise<BalanceView[]> {
    const rows = await this.database.query<{ asset: string; posted: string; held: string }>(
      'SELECT asset, posted, held FROM balance WHERE account_id = $1 ORDER BY asset',
      [accountId],
    );
    return rows
      .map(balanceView)
      .filter(({ currency, network }) => (filter.currency ?? currency) === currency && (filter.network ?? network) === network);
  }

  /** Oldest first. */
  async entriesOf(withdrawalId: string): Promise<EntryView[]> {
    const rows = await this.database.query<Omit<EntryView, 'recorded_at'> & { recorded_at: Date }>(
      `SELECT e.id AS entry_id, e.kind, e.account_id, e.withdrawal_id, e.reference, e.recorded_at,
              json_agg(json_build_object('account', p.account, 'asset', p.asset, 'amount', p.amount::text) ORDER BY p.line) AS postings
         FROM journal_entry e JOIN posting p ON p.entry_id = e.id
        WHERE e.withdrawal_id = $1 GROUP BY e.id ORDER BY e.recorded_at, e.kind`,
      [withdrawalId],
    );
    return rows.map((row) => ({ ...row, recorded_at: row.recorded_at.toISOString(), postings: row.postings.map(shortest) }));
  }

  /** What was posted to a customer's account, newest first. */
  async statement(accountId: string, limit: number): Promise<StatementLine[]> {
    const rows = await this.database.query<Omit<StatementLine, 'recorded_at'> & { recorded_at: Date }>(
      `SELECT e.id AS entry_id, e.kind, p.asset, p.amount, e.withdrawal_id, e.reference, e.recorded_at
         FROM journal_entry e JOIN posting p ON p.entry_id = e.id AND p.account = 'customer:' || e.account_id
        WHERE e.account_id = $1 ORDER BY e.recorded_at DESC, e.id DESC LIMIT $2`,
      [accountId, limit],
    );
    return rows.map((row) => ({ ...shortest(row), recorded_at: row.recorded_at.toISOString() }));
  }
}

function balanceView(row: { asset: string; posted: string; held: string }): BalanceView {
  const asset = assetFrom(row.asset);
  const [posted, held] = [amountOf(row.posted, asset), amountOf(row.held, asset)];
  const available = posted.minus(held);
  return {
    asset,
    currency: currencyOf(asset),
    network: networkOf(asset),
    posted: posted.toString(),
    held: held.toString(),
    available: available.toString(),
  };
}

/** numeric keeps the zeros it was given; the API does not. */
function shortest<T extends { asset: string; amount: string }>(line: T): T {
  return { ...line, amount: amountOf(line.amount, line.asset).toString() };
}
