import type { Accounts } from '../sim/accounts.js';
import type { RecordFact } from '../sim/facts.js';
import type { PaymentBook } from '../sim/payment-book.js';
import type { GateioSettings } from './gateio-settings.js';

/** What the handlers work on. */
export interface GateioState {
  readonly book: PaymentBook;
  readonly accounts: Accounts;
  readonly settings: () => GateioSettings;
  readonly record: RecordFact;
}

/** One authenticated request as a handler sees it. */
export interface Call {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  /** The `{id}` of the path. */
  readonly id: string;
  readonly contentType: string | undefined;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}
