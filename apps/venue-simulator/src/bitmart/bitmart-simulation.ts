import { coinsFault } from '../sim/coins.js';
import { openVenue } from '../sim/open-venue.js';
import { RateLimiter } from '../sim/rate-limiter.js';
import type { SimulationOptions, VenueSimulation } from '../sim/venue-simulation.js';
import { mountBitmart } from './bitmart-api.js';
import { currenciesBySetting } from './bitmart-currencies.js';
import { BITMART_STATUS_SCRIPTS, PASSING_STATUSES } from './bitmart-status-scripts.js';
import { BITMART_ENDPOINTS } from './bitmart-endpoints.js';
import { Gatekeeper } from './bitmart-gatekeeper.js';
import { ACCOUNT_CID, API_KEYS, KEY_TERMS } from './bitmart-keys.js';
import { checkSettings, DEFAULT_SETTINGS } from './bitmart-settings.js';

const TERMS = {
  statusScripts: BITMART_STATUS_SCRIPTS,
  endpoints: BITMART_ENDPOINTS,
  settings: DEFAULT_SETTINGS,
  keys: KEY_TERMS,
  checkSettings,
  passingStatuses: PASSING_STATUSES,
};

/** Opens the simulated BitMart of a folder in the last saved state. */
export function openBitmart(options: SimulationOptions): VenueSimulation {
  const currencies = currenciesBySetting();
  const { state: common, controls } = openVenue(options, {
    ...TERMS,
    checkTogether: ({ coins, balances }) => coinsFault(currencies(coins), balances),
  });
  const state = { ...common, currencies: () => currencies(common.settings().coins) };
  const limiter = new RateLimiter();
  const gatekeeper = new Gatekeeper(limiter);
  return {
    ...controls,
    basePath: '',
    mount: (app) => mountBitmart(app, { state, faults: controls.faults, gatekeeper }),
    credentials: () => ({ ...API_KEYS[0], cid: ACCOUNT_CID, other_keys: API_KEYS.slice(1) }),
    rateLimited: () => limiter.refusals(),
    reset: () => {
      controls.reset();
      gatekeeper.reset();
    },
  };
}
