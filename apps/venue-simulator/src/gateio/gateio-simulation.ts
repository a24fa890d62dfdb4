import { coinsFault } from '../sim/coins.js';
import { openVenue } from '../sim/open-venue.js';
import { RateLimiter } from '../sim/rate-limiter.js';
import type { SimulationOptions, VenueSimulation } from '../sim/venue-simulation.js';
import { mountGateio } from './gateio-api.js';
import { GATEIO_STATUS_SCRIPTS, PASSING_STATUSES } from './gateio-status-scripts.js';
import { currenciesBySetting } from './gateio-currencies.js';
import { GATEIO_ENDPOINTS } from './gateio-endpoints.js';
import { ACCOUNT_UID, API_KEYS, KEY_TERMS } from './gateio-keys.js';
import { checkSettings, DEFAULT_SETTINGS } from './gateio-settings.js';

const TERMS = {
  statusScripts: GATEIO_STATUS_SCRIPTS,
  endpoints: GATEIO_ENDPOINTS,
  settings: DEFAULT_SETTINGS,
  keys: KEY_TERMS,
  checkSettings,
  passingStatuses: PASSING_STATUSES,
};

/** Opens the simulated Gate.io of a folder in the last saved state. */
export function openGateio(options: SimulationOptions): VenueSimulation {
  const currencies = currenciesBySetting();
  const { state: common, controls } = openVenue(options, {
    ...TERMS,
    checkTogether: ({ coins, balances }) => coinsFault(currencies(coins), balances),
  });
  const state = { ...common, currencies: () => currencies(common.settings().coins) };
  const limiter = new RateLimiter();
  return {
    ...controls,
    basePath: '/api/v4',
    mount: (app) => mountGateio(app, { state, faults: controls.faults, limiter }),
    credentials: () => ({ ...API_KEYS[0], uid: ACCOUNT_UID, other_keys: API_KEYS.slice(1) }),
    rateLimited: () => limiter.refusals(),
    reset: () => {
      controls.reset();
      limiter.reset();
    },
  };
}
