import { everyRow, type Page } from './page.js';
import type { CallOptions, SignedCalls } from './signed-calls.js';
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

  list(filter: AssetFilter = {}, options?: CallOptions): Promise<readonly Balance[]> {
    return this.calls.list('/v1/balances', filter, options);
  }
}

export class Currencies {
  constructor(private readonly calls: SignedCalls) {}

  list(options?: CallOptions): Promise<readonly Currency[]> {
    return this.calls.list('/v1/currencies', {}, options);
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

  page(
    filter: TransactionFilter & { readonly cursor?: string | number } = {},
    options?: CallOptions,
  ): Promise<Page<Transaction>> {
    return this.calls.page('/v1/transactions', filter, options);
  }
}
