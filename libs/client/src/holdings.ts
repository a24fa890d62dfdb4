import type {
  AssetFilter,
  Balance,
  Currency,
  Transaction,
  TransactionFilter,
} from './api-types.js';
import { everyRow, type Page } from './page.js';
import type { CallOptions, SignedCalls } from './signed-calls.js';

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

  page(filter: TransactionFilter = {}, options?: CallOptions): Promise<Page<Transaction>> {
    return this.calls.page('/v1/transactions', filter, options);
  }
}
