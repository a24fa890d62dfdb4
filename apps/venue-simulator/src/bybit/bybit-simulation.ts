import { coinsFault } from '../sim/coins.js';
import { openVenue } from '../sim/open-venue.js';
import { RateLimiter } from '../sim/rate-limiter.js';
import type { SimulationOptions, VenueSimulation } from '../sim/venue-simulation.js';
import { BASE_PATH, mountBybit } from './bybit-api.js';
import { coinsBySetting } from './bybit-coins.js';
import { BYBIT_STATUS_SCRIPTS, PASSING_STATUSES } from './bybit-status-scripts.js';
import { BYBIT_ENDPOINTS } from './bybit-endpoints.js';
import { ACCOUNT_UID, API_KEYS, KEY_TERMS } from './bybit-keys.js';
import { IpGuard } from './bybit-limits.js';
import { checkSettings, DEFAULT_SETTINGS } from './bybit-settings.js';

const TERMS = {
  statusScripts: BYBIT_STATUS_SCRIPTS,
  endpoints: BYBIT_ENDPOINTS,
  settings: DEFAULT_SETTINGS,
  keys: KEY_TERMS,
  checkSettings,
  passingStatuses: PASSING_STATUSES,
};

/** Opens the simulated Bybit of a folder in the last saved state. */
export function openBybit(options: SimulationOptions): VenueSimulation {
  const coins = coinsBySetting();
  const { state: common, controls } = openVenue(options, {
    ...TERMS,
    checkTogether: (settings) => coinsFault(coins(settings.coins), settings.balances),
  });
  const limiter = new RateLimiter();
  const state = { ...common, limiter, coins: () => coins(common.settings().coins) };
  const ipGuard = new IpGuard(limiter);
  return {
    ...controls,
    basePath: BASE_PATH,
    basePathOfClients: '', // Bybit's clients write /v5 themselves
    mount: (app) =>
      mountBybit(app, {
        state,
        faults: controls.faults,
        ipGuard,
      }),
    credentials: () => ({ ...API_KEYS[0], uid: ACCOUNT_UID, other_keys: API_KEYS.slice(1) }),
    rateLimited: () => limiter.refusals(),
    reset: () => {
      controls.reset();
      limiter.reset();
      ipGuard.reset();
    },
  };
}
