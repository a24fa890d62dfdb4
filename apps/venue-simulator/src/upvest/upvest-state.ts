import type { SimulatedVenueState } from '../sim/open-venue.js';
import type { BookedPayment } from '../sim/payment.js';
import type { UpvestIdentity } from './upvest-identities.js';
import type { UpvestSettings } from './upvest-settings.js';
import type { TokenBook } from './upvest-tokens.js';

/** State used by the handlers. */
export interface UpvestState extends SimulatedVenueState<UpvestSettings, UpvestIdentity> {
  readonly tokens: TokenBook;
}

/**
 * Withdrawal in the book: `client_id` is the idempotency key, `destination` the reference account,
 * `memo` the remittance text.
 */
export interface UpvestPayment extends BookedPayment {
  readonly user_id: string;
  readonly account_group_id: string;
  readonly purpose_code: string | null;
}

/** Authenticated request, as passed to a handler. */
export interface UpvestCall {
  readonly client: UpvestIdentity;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  /** The `{id}` of the path. */
  readonly id: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestId: string;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}
