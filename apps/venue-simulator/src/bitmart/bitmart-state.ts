import type { Accounts } from '../sim/accounts.js';
import type { RecordFact } from '../sim/facts.js';
import type { PaymentBook } from '../sim/payment-book.js';
import type { BitmartSettings } from './bitmart-settings.js';

/** What the handlers work on. */
export interface BitmartState {
  readonly book: PaymentBook;
  readonly accounts: Accounts;
  readonly settings: () => BitmartSettings;
  readonly record: RecordFact;
}

/** One admitted request as a handler sees it. */
export interface Call {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}
