import { Accounts } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import { FactLog } from '../sim/fact-log.js';
import type { RecordFact } from '../sim/facts.js';
import { FaultBook } from '../sim/faults.js';
import { PaymentBook } from '../sim/payment-book.js';
import { RateLimiter } from '../sim/rate-limiter.js';
import { Settings } from '../sim/settings.js';
import type { SimulationOptions, VenueSimulation } from '../sim/venue-simulation.js';
import { mountBitmart } from './bitmart-api.js';
import { BITMART_COURSES } from './bitmart-courses.js';
import { BITMART_ENDPOINTS } from './bitmart-endpoints.js';
import { Gatekeeper } from './bitmart-gatekeeper.js';
import { ACCOUNT_CID, API_KEYS } from './bitmart-keys.js';
import { checkSettings, DEFAULT_SETTINGS, everyStatus, type BitmartSettings } from './bitmart-settings.js';

/** Opens the simulated BitMart of one folder, as it was left. */
export function openBitmart({ data, clock }: SimulationOptions): VenueSimulation {
  const record: RecordFact = (fact) => log.record(fact);
  const settings = new Settings<BitmartSettings>(DEFAULT_SETTINGS, checkSettings, record);
  const book = new PaymentBook(BITMART_COURSES, () => settings.current.status_ms, clock());
  const accounts = new Accounts(book, DEFAULT_SETTINGS.balances);
  const kinds = Object.fromEntries(Object.entries(BITMART_ENDPOINTS).map(([name, { kind }]) => [name, kind]));
  const faults = new FaultBook(kinds, record);
  // The settings come last: until a change of them, statuses and balances go by the old ones.
  const log = new FactLog(data, [book, accounts, faults, settings]);
  const limiter = new RateLimiter();
  const gatekeeper = new Gatekeeper(limiter);
  log.replay();

  return {
    basePath: '',
    book,
    faults,
    mount: (app) => mountBitmart(app, { state: { book, accounts, settings: () => settings.current, record }, faults, gatekeeper, clock }),
    credentials: () => ({ ...API_KEYS[0], cid: ACCOUNT_CID, other_keys: API_KEYS.slice(1) }),
    rateLimited: () => limiter.refusals(),
    settings: () => settings.current,
    changeSettings: (patch) => settings.change(withEveryStatus(patch), clock()),
    reset: () => {
      log.reset();
      gatekeeper.reset();
    },
    close: () => log.close(),
  };
}

/** `{"status_ms": 50}` stands for every status. */
function withEveryStatus(patch: unknown): unknown {
  return isPlainObject(patch) && typeof patch['status_ms'] === 'number' ? { ...patch, status_ms: everyStatus(patch['status_ms']) } : patch;
}
