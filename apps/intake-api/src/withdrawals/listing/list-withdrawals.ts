import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { PUBLIC_VIEW, type PublicStatus, type State } from '@sluice/withdrawal-core';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../../http/deadline.js';
import { COLUMNS, fromRow, type Row, type StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { mergedPage, type Page } from './merged-page.js';
import { pageSql, type ListFilter } from './page-sql.js';

/** Customer's filters and the start of the page. */
export interface ListQuery extends Omit<ListFilter, 'states'> {
  readonly status?: PublicStatus | undefined;
  readonly stage?: string | undefined;
  readonly limit: number;
}

/**
 * Page of an account's withdrawals, newest first. New rows appear above the page: a reader
 * following the cursor misses no row and sees no duplicate.
 */
@Injectable()
export class ListWithdrawals {
  constructor(private readonly database: Database) {}

  /** Throws DeadlineError if the database is slow. */
  async run(query: ListQuery): Promise<Page<StoredWithdrawal>> {
    const { limit } = query;
    return mergedPage([await this.newest(query, limit + 1)], limit);
  }

  /**
   * Returns the newest matching withdrawals, at most `count`. Throws DeadlineError if the database
   * is slow.
   */
  async newest(
    { status, stage, ...filter }: Omit<ListQuery, 'limit'>,
    count: number,
  ): Promise<readonly StoredWithdrawal[]> {
    const states = statesOf(status, stage);
    if (states.length === 0) return [];
    const { numbersSql, params } = pageSql({ ...filter, states }, count);
    const looking = this.database.query<Row>(
      `SELECT ${COLUMNS} FROM withdrawal WHERE number = ANY (ARRAY(${numbersSql})) ORDER BY withdrawal.number DESC`,
      params,
    );
    return (await withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable')).map(fromRow);
  }
}

/**
 * Returns the states visible to customers with this status and stage. A request with a refused hold
 * counts as never made.
 */
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
