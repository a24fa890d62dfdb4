import type { SimulatedVenueState } from '../sim/open-venue.js';
import type { BitmartCurrencies } from './bitmart-currencies.js';
import type { BitmartApiKey } from './bitmart-keys.js';
import type { BitmartSettings } from './bitmart-settings.js';

/** State used by the handlers. */
export interface BitmartState extends SimulatedVenueState<BitmartSettings, BitmartApiKey> {
  readonly currencies: () => BitmartCurrencies;
}

/** Admitted request, as passed to a handler. */
export interface BitmartCall {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}
