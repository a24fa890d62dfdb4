import type { VenueState } from '../sim/open-venue.js';
import type { Currencies } from './bitmart-currencies.js';
import type { ApiKey } from './bitmart-keys.js';
import type { BitmartSettings } from './bitmart-settings.js';

/** State used by the handlers. */
export interface BitmartState extends VenueState<BitmartSettings, ApiKey> {
  readonly currencies: () => Currencies;
}

/** Admitted request, as passed to a handler. */
export interface Call {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}
