import type { SimulatedVenueState } from '../sim/open-venue.js';
import type { SimulatedApiKey } from '../sim/api-keys.js';
import type { GateioPermission } from './gateio-keys.js';
import type { GateioCurrencies } from './gateio-currencies.js';
import type { GateioSettings } from './gateio-settings.js';

/** State used by the handlers. */
export interface GateioState extends SimulatedVenueState<
  GateioSettings,
  SimulatedApiKey<GateioPermission>
> {
  readonly currencies: () => GateioCurrencies;
}

/** Authenticated request, as passed to a handler. */
export interface GateioCall {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  /** Path part in place of the braces in the endpoint's name. */
  readonly id: string;
  readonly contentType: string | undefined;
  /** Null at a public endpoint. */
  readonly key: SimulatedApiKey<GateioPermission> | null;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}
