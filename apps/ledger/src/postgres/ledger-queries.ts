import { Injectable } from '@nestjs/common';
import {
  asWritten,
  type BalancesQuery,
  type DatedRow,
  type EntryDto,
  type HoldDto,
  type HouseBalancesDto,
  type LedgerBalanceDto,
  SHOWN_HOLD,
  type StatementLineDto,
} from '@sluice/http-api';
import { ok, refuse, type Result } from '@sluice/kernel';
import { customerOf, type HoldState } from '@sluice/ledger-core';
import { Database, selectedByName } from '@sluice/postgres';
import {
  sharedAccounts,
  sharedBalances,
  sharedBalancesAt,
  sharedLag,
} from '../house-accounts/shared-balances.js';
import {
  addDecimals,
  customerBalancesAt,
  LINES,
  negateDecimal,
  type TimeKind,
} from '../sql/balances-at.js';

export interface BeforeCheckpoint {
  readonly kind: 'before_checkpoint';
  readonly until: string;
}

/** Last entry of the previous page, newest first: new bookings do not shift the page. */
export interface StatementCursor {
  readonly recordedAt: string;
  readonly entryId: string;
}

const SHOWN = selectedByName(SHOWN_HOLD);

@Injectable()
export class LedgerQueries {
  constructor(private readonly database: Database) {}

  async accountExists(accountId: string): Promise<boolean> {
    const rows = await this.database.query('SELECT FROM account WHERE id = $1', [accountId]);
    return rows.length > 0;
  }

  /** Returns balances ordered by asset. An asset never received has no row. */
  async balances(accountId: string, filter: BalancesQuery = {}): Promise<LedgerBalanceDto[]> {
    const rows = await this.database.query<{ asset: string; posted: string; held: string }>(
      'SELECT asset, posted, held FROM balance WHERE account_id = $1 ORDER BY asset',
      [accountId],
    );
    return rows
      .map(balanceView)
      .filter(
        ({ currency, network }) =>
          (filter.currency ?? currency) === currency && (filter.network ?? network) === network,
      );
  }

  /** Returns the names of the shared accounts with a posting. */
  sharedAccounts(): Promise<string[]> {
    return sharedAccounts(this.database);
  }

  /** Returns the exact present balance of a shared account, and the lag of the folded days. */
  async sharedBalances(account: string): Promise<HouseBalancesDto> {
    const [rows, { unfolded, lagMs }] = [
      await sharedBalances(this.database, account),
      await sharedLag(this.database),
    ];
    return { balances: rows.map(balanceView), unfolded, lag_ms: lagMs };
  }

  /**
   * Balances at a moment, of a customer's account or a shared account by its name. Refuses a moment
   * before the newest checkpoint: older entries are detached.
   */
  async balancesAt(
    account: string,
    at: string,
    by: TimeKind,
  ): Promise<Result<LedgerBalanceDto[], BeforeCheckpoint>> {
    const customer = customerOf(account);
    const rows = await (customer === undefined
      ? sharedBalancesAt(this.database, account, at, by)
      : customerBalancesAt(this.database, customer, at, by));
    // Runs last, to notice partitions detached meanwhile.
    const [gone] = await this.database.query<{ until: Date }>(
      'SELECT until FROM checkpoint WHERE until > $1::timestamptz ORDER BY until DESC LIMIT 1',
      [at],
    );
    return gone
      ? refuse({ kind: 'before_checkpoint', until: gone.until.toISOString() })
      : ok(rows.map(balanceView));
  }

  /** Oldest first. */
  entriesOf(withdrawalId: string): Promise<EntryDto[]> {
    return this.entries('e.withdrawal_id = $1', withdrawalId);
  }

  async entry(entryId: string): Promise<EntryDto | undefined> {
    return (await this.entries('e.id = $1', entryId))[0];
  }

  /** Returns the postings of a customer's account, newest first, starting after entry `after`. */
  async statement(
    accountId: string,
    limit: number,
    after?: StatementCursor,
  ): Promise<StatementLineDto[]> {
    const rows = await this.database.query<TimesOf<StatementLineDto>>(
      `SELECT e.id AS entry_id, e.kind, p.asset, p.amount, e.withdrawal_id, e.reference, coalesce(e.effective_at, e.recorded_at) AS effective_at, e.recorded_at
         FROM journal_entry e, ${LINES}
        WHERE e.account_id = $1 AND p.account = 'customer:' || e.account_id AND ($3::timestamptz IS NULL OR (e.recorded_at, e.id) < ($3::timestamptz, $4::uuid))
        ORDER BY e.recorded_at DESC, e.id DESC LIMIT $2`,
      [accountId, limit, after?.recordedAt ?? null, after?.entryId ?? null],
    );
    return rows.map((row) => ({
      ...shortest(row),
      effective_at: row.effective_at.toISOString(),
      recorded_at: row.recorded_at.toISOString(),
    }));
  }

  async hold(withdrawalId: string): Promise<HoldDto | undefined> {
    const [row] = await this.database.query<DatedRow<HoldDto>>(
      `SELECT ${SHOWN} FROM hold WHERE withdrawal_id = $1`,
      [withdrawalId],
    );
    return row && shortest(asWritten<HoldDto>(row));
  }

  /** Holds in a state by withdrawal, newest first, after `after`; of one account or of all. */
  async holds(
    state: HoldState,
    limit: number,
    { accountId, after }: { accountId?: string | undefined; after?: string | undefined },
  ): Promise<HoldDto[]> {
    const rows = await this.database.query<DatedRow<HoldDto>>(
      `SELECT ${SHOWN} FROM hold WHERE state = $1 AND ($2::uuid IS NULL OR account_id = $2) AND ($3::uuid IS NULL OR withdrawal_id < $3)
        ORDER BY withdrawal_id DESC LIMIT $4`,
      [state, accountId ?? null, after ?? null, limit],
    );
    return rows.map((row) => shortest(asWritten<HoldDto>(row)));
  }

  private async entries(
    conditionSql: 'e.id = $1' | 'e.withdrawal_id = $1',
    id: string,
  ): Promise<EntryDto[]> {
    const rows = await this.database.query<TimesOf<EntryDto>>(
      `SELECT e.id AS entry_id, e.kind, e.account_id, e.withdrawal_id, e.reference, e.reverses, e.reason,
              coalesce(e.effective_at, e.recorded_at) AS effective_at, e.recorded_at,
              json_agg(json_build_object('account', p.account, 'asset', p.asset, 'amount', p.amount::text) ORDER BY p.line) AS postings,
              (SELECT json_build_object('ordered_by', o.ordered_by, 'approved_by', o.approved_by, 'evidence', o.evidence, 'ordered_at', o.ordered_at)
                 FROM money_order o WHERE o.entry_id = e.id) AS order
         FROM journal_entry e JOIN posting p ON p.entry_id = e.id
        WHERE ${conditionSql} GROUP BY e.id ORDER BY e.recorded_at, e.kind`,
      [id],
    );
    return rows.map((row) => ({
      ...row,
      effective_at: row.effective_at.toISOString(),
      recorded_at: row.recorded_at.toISOString(),
      postings: row.postings.map(shortest),
      order: row.order && {
        ...row.order,
        ordered_at: new Date(row.order.ordered_at).toISOString(),
      },
    }));
  }
}

type TimesOf<T extends { effective_at: string; recorded_at: string }> = Omit<
  T,
  'effective_at' | 'recorded_at'
> & {
  effective_at: Date;
  recorded_at: Date;
};

/** Accepts any row: a corrupt row does not hide the others. */
function balanceView(row: { asset: string; posted: string; held: string }): LedgerBalanceDto {
  const { asset, posted, held } = row;
  const [currency = '', network = ''] = asset.split('.');
  return {
    asset,
    currency,
    network,
    posted: addDecimals(posted, '0'),
    held: addDecimals(held, '0'),
    available: addDecimals(posted, negateDecimal(held)),
  };
}

function shortest<T extends { asset: string; amount: string }>(line: T): T {
  return { ...line, amount: addDecimals(line.amount, '0') };
}
