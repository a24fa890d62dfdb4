import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import type { IntakeConfig } from '../../config.js';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../../deadline.js';
import type { StoredWithdrawal } from '../withdrawal-store.js';
import { ListWithdrawals, type ListQuery } from './list-withdrawals.js';
import type { Direction } from './listing.dto.js';
import { mergedPage, type Page } from './merged-page.js';
import { findTopUps, type TopUp } from './top-ups.js';

/** What a customer may filter by, and where the page begins. */
export interface TransactionQuery extends Pick<
  ListQuery,
  'accountId' | 'status' | 'currency' | 'network' | 'below' | 'limit'
> {
  readonly direction?: Direction | undefined;
}

export type Transaction = StoredWithdrawal | TopUp;

/**
 * `GET /v1/transactions`: what has moved, newest first. Money comes in by operators and nothing is swept, so there are withdrawals and top-ups:
 * of an account's own wallet for that account, of wallets that pay every account for the operators' own. No customer sees what the firm
 * moves between its wallets.
 */
@Injectable()
export class ListTransactions {
  constructor(
    private readonly database: Database,
    private readonly withdrawals: ListWithdrawals,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'operatorsAccount'>,
  ) {}

  /** Throws DeadlineError when the database is too slow. */
  async run({ direction, ...query }: TransactionQuery): Promise<Page<Transaction>> {
    const wants = (one: Direction): boolean => direction === undefined || direction === one;
    const { limit } = query;
    const lists: readonly (readonly Transaction[])[] = await Promise.all([
      wants('withdrawal') ? this.withdrawals.newest(query, limit + 1) : [],
      wants('gas_topup') ? this.topUps(query) : [],
    ]);
    return mergedPage(lists, limit);
  }

  /** All of them are final: that is when we hear of them. */
  private topUps({ status = 'confirmed', limit, ...filter }: TransactionQuery): Promise<TopUp[]> {
    if (status !== 'confirmed') return Promise.resolve([]);
    const ofAll = filter.accountId === this.config.operatorsAccount;
    const looking = findTopUps(this.database, { ...filter, ofAll }, limit + 1);
    return withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable');
  }
}
