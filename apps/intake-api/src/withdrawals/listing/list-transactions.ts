import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import type { IntakeConfig } from '../../settings/intake-settings.js';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../../http/deadline.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { ListWithdrawals, type ListQuery } from './list-withdrawals.js';
import type { Direction } from './listing.dto.js';
import { mergedPage, type Page } from './merged-page.js';
import { findTopUps, type TopUp } from './top-ups.js';

/** Customer's filters and the start of the page. */
interface TransactionQuery extends Pick<
  ListQuery,
  'accountId' | 'status' | 'currency' | 'network' | 'below' | 'limit'
> {
  readonly direction?: Direction | undefined;
}

export type Transaction = StoredWithdrawal | TopUp;

/**
 * `GET /v1/transactions`: lists movements of money, newest first. Operators book incoming money and
 * sweeps do not exist, hence only withdrawals and top-ups are listed. Top-ups of an account's own
 * wallet are shown to the account. Top-ups of shared wallets are shown only to the operators'
 * account. No customer sees transfers between the firm's wallets.
 */
@Injectable()
export class ListTransactions {
  constructor(
    private readonly database: Database,
    private readonly withdrawals: ListWithdrawals,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'operatorsAccount'>,
  ) {}

  /** Throws DeadlineError if the database is slow. */
  async run({ direction, ...query }: TransactionQuery): Promise<Page<Transaction>> {
    const wants = (one: Direction): boolean => direction === undefined || direction === one;
    const { limit } = query;
    const lists: readonly (readonly Transaction[])[] = await Promise.all([
      wants('withdrawal') ? this.withdrawals.newest(query, limit + 1) : [],
      wants('gas_topup') ? this.topUps(query) : [],
    ]);
    return mergedPage(lists, limit);
  }

  /** All reported top-ups are final: connectors report only final top-ups. */
  private topUps({ status = 'confirmed', limit, ...filter }: TransactionQuery): Promise<TopUp[]> {
    if (status !== 'confirmed') return Promise.resolve([]);
    const ofAll = filter.accountId === this.config.operatorsAccount;
    const looking = findTopUps(this.database, { ...filter, ofAll }, limit + 1);
    return withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable');
  }
}
