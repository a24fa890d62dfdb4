import { everyRow, pageOf, rowsOf, type Page } from './page.js';
import type { CallOptions, CallQuery, SignedCalls } from './signed-calls.js';
import type { Confirmation } from './withdrawal.js';

/**
 * Balance of the account in a currency on a network. Amounts are decimal text; `available` is
 * `balance` minus `held`.
 */
export interface Balance {
  readonly currency: string;
  readonly network: string;
  readonly balance: string;
  readonly held: string;
  readonly available: string;
}

/** A currency on a network, as usable by this account. Amounts and fees are decimal text. */
export interface Currency {
  readonly currency: string;
  readonly network: string;
  readonly name: string;
  readonly is_token: boolean;
  readonly contract_address: string | null;
  readonly decimals: number;
  readonly deposit_enabled: boolean;
  readonly withdrawal_enabled: boolean;
  readonly min_deposit_amount: string;
  readonly min_withdrawal_amount: string;
  readonly withdrawal_fee_flat: string;
  readonly withdrawal_fee_percent: string;
}

export interface Transaction extends Confirmation {
  readonly id: number;
  readonly direction: TransactionDirection;
  readonly status: string;
  readonly currency: string;
  readonly network: string;
  readonly from_address: string | null;
  readonly to_address: string;
  readonly amount_decimal: string;
  readonly created_at: string | null;
}

export type TransactionDirection = 'deposit' | 'withdrawal' | 'sweep' | 'gas_topup';

export interface AssetFilter {
  /** In any case. */
  readonly currency?: string;
  readonly network?: string;
}

export interface TransactionFilter extends AssetFilter {
  readonly direction?: TransactionDirection;
  readonly status?: string;
  /** Rows of a page, 1 to 200. */
  readonly limit?: number;
}

export class Balances {
  constructor(private readonly calls: SignedCalls) {}

  async list(filter: AssetFilter = {}, options?: CallOptions): Promise<readonly Balance[]> {
    const query: CallQuery = { ...filter };
    const isAnswer = Array.isArray;
    const call = { method: 'GET', path: '/v1/balances', repeat: 'read', query, isAnswer } as const;
    const { data } = await this.calls.make(call, options);
    return rowsOf(data) as readonly Balance[];
  }
}

export class Currencies {
  constructor(private readonly calls: SignedCalls) {}

  async list(options?: CallOptions): Promise<readonly Currency[]> {
    const isAnswer = Array.isArray;
    const call = { method: 'GET', path: '/v1/currencies', repeat: 'read', isAnswer } as const;
    const { data } = await this.calls.make(call, options);
    return rowsOf(data) as readonly Currency[];
  }
}

export class Transactions {
  constructor(private readonly calls: SignedCalls) {}

  /** Newest first, page after page. */
  list(filter: TransactionFilter = {}, options?: CallOptions): AsyncGenerator<Transaction> {
    return everyRow((cursor) =>
      this.page({ ...filter, ...(cursor !== undefined && { cursor }) }, options),
    );
  }

  async page(
    filter: TransactionFilter & { readonly cursor?: string | number } = {},
    options?: CallOptions,
  ): Promise<Page<Transaction>> {
    const query: CallQuery = { ...filter };
    const isAnswer = Array.isArray;
    const call = {
      method: 'GET',
      path: '/v1/transactions',
      repeat: 'read',
      query,
      isAnswer,
    } as const;
    return pageOf(await this.calls.make(call, options), (row) => row as Transaction);
  }
}
