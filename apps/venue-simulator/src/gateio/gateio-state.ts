import type { VenueState } from '../sim/open-venue.js';
import type { ApiKey } from '../sim/api-keys.js';
import type { Permission } from './gateio-keys.js';
import type { Currencies } from './gateio-currencies.js';
import type { GateioSettings } from './gateio-settings.js';

/** State used by the handlers. */
export interface GateioState extends VenueState<GateioSettings, ApiKey<Permission>> {
  readonly currencies: () => Currencies;
}

/** Authenticated request, as passed to a handler. */
export interface Call {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  /** Path part in place of the braces in the endpoint's name. */
  readonly id: string;
  readonly contentType: string | undefined;
  /** Null at a public endpoint. */
  readonly key: ApiKey<Permission> | null;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}
