import type { SimulatedVenueState } from '../sim/open-venue.js';
import type { RateLimiter } from '../sim/rate-limiter.js';
import type { Coins } from './bybit-coins.js';
import type { BybitKey } from './bybit-keys.js';
import type { BybitSettings } from './bybit-settings.js';

/** State used by the handlers. */
export interface BybitState extends SimulatedVenueState<BybitSettings, BybitKey> {
  readonly limiter: RateLimiter;
  readonly coins: () => Coins;
}

/** Authenticated request, as passed to a handler. */
export interface BybitCall {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  /** Null at a public endpoint. */
  readonly key: BybitKey | null;
  readonly now: number;
  /** The fault `status_goes_back` is on this request. */
  readonly goesBack: boolean;
}
