import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { PUBLIC_VIEW, type PublicStatus, type State } from '@sluice/withdrawal-core';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../../deadline.js';
import { COLUMNS, fromRow, type Row, type StoredWithdrawal } from '../withdrawal-store.js';
import { pageSql, type ListFilter } from './page-sql.js';

/** What a customer may filter by, and where the page begins. */
export interface ListQuery extends Omit<ListFilter, 'states'> {
  readonly status?: PublicStatus | undefined;
  readonly stage?: string | undefined;
  readonly limit: number;
}

export interface WithdrawalPage {
  readonly rows: readonly StoredWithdrawal[];
  /** The number below which the next page begins; null on the last one. */
  readonly nextBelow: string | null;
}

/** A page of an account's withdrawals, newest first. Rows that come meanwhile are above it: who goes on with the cursor misses none and sees none twice. */
@Injectable()
export class ListWithdrawals {
  constructor(private readonly database: Database) {}

  /** Throws DeadlineError when the database is too slow. */
  async run({ status, stage, limit, ...filter }: ListQuery): Promise<WithdrawalPage> {
    const states = statesOf(status, stage);
    if (states.length === 0) return { rows: [], nextBelow: null };
    const { numbersSql, params } = pageSql({ ...filter, states }, limit + 1);
    const looking = this.database.query<Row>(
      `SELECT ${COLUMNS} FROM withdrawal WHERE number = ANY (ARRAY(${numbersSql})) ORDER BY withdrawal.number DESC`,
      params,
    );
    const found = (await withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable')).map(fromRow);
    const rows = found.slice(0, limit);
    return { rows, nextBelow: found.length > limit ? (rows.at(-1)?.number ?? null) : null };
  }
}

/** The states that customers see, of this status and stage. A request whose hold was refused counts as never made. */
export function statesOf(status?: PublicStatus, stage?: string): readonly State[] {
  const views = Object.entries(PUBLIC_VIEW) as [State, (typeof PUBLIC_VIEW)[State]][];
  return views.flatMap(([state, view]) =>
    state !== 'rejected' &&
    (status === undefined || view.status === status) &&
    (stage === undefined || view.stage === stage)
      ? [state]
      : [],
  );
}
