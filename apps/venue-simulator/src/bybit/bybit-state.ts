import type { Accounts } from '../sim/accounts.js';
import type { RecordFact } from '../sim/facts.js';
import type { PaymentBook } from '../sim/payment-book.js';
import type { RateLimiter } from '../sim/rate-limiter.js';
import type { BybitSettings } from './bybit-settings.js';

/** What the handlers work on. */
export interface BybitState {
  readonly book: PaymentBook;
  readonly accounts: Accounts;
  readonly limiter: RateLimiter;
  readonly settings: () => BybitSettings;
  readonly record: RecordFact;
}

/** One authenticated request as a handler sees it. */
export interface Call {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}
