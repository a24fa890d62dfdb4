import { Accounts } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import { FactLog } from '../sim/fact-log.js';
import type { RecordFact } from '../sim/facts.js';
import { FaultBook } from '../sim/faults.js';
import { PaymentBook } from '../sim/payment-book.js';
import { RateLimiter } from '../sim/rate-limiter.js';
import { Settings } from '../sim/settings.js';
import type { SimulationOptions, VenueSimulation } from '../sim/venue-simulation.js';
import { BASE_PATH, mountBybit } from './bybit-api.js';
import { BYBIT_COURSES } from './bybit-courses.js';
import { BYBIT_ENDPOINTS } from './bybit-endpoints.js';
import { ACCOUNT_UID, API_KEYS } from './bybit-keys.js';
import { IpGuard } from './bybit-limits.js';
import { checkSettings, DEFAULT_SETTINGS, everyStatus, type BybitSettings } from './bybit-settings.js';

/** Opens the simulated Bybit of one folder, as it was left. */
export function openBybit({ data, clock }: SimulationOptions): VenueSimulation {
  const record: RecordFact = (fact) => log.record(fact);
  const settings = new Settings<BybitSettings>(DEFAULT_SETTINGS, checkSettings, record);
  const book = new PaymentBook(BYBIT_COURSES, () => settings.current.status_ms, clock());
  const accounts = new Accounts(book, DEFAULT_SETTINGS.balances);
  const kinds = Object.fromEntries(Object.entries(BYBIT_ENDPOINTS).map(([name, { kind }]) => [name, kind]));
  const faults = new FaultBook(kinds, record);
  // The settings come last: until a change of them, statuses and balances go by the old ones.
  const log = new FactLog(data, [book, accounts, faults, settings]);
  const limiter = new RateLimiter();
  const ipGuard = new IpGuard(limiter);
  log.replay();

  return {
    basePath: BASE_PATH,
    basePathOfClients: '', // Bybit's clients write /v5 themselves
    book,
    faults,
    mount: (app) => mountBybit(app, { state: { book, accounts, limiter, settings: () => settings.current, record }, faults, ipGuard, clock }),
    credentials: () => ({ ...API_KEYS[0], uid: ACCOUNT_UID, other_keys: API_KEYS.slice(1) }),
    rateLimited: () => limiter.refusals(),
    settings: () => settings.current,
    changeSettings: (patch) => settings.change(withEveryStatus(patch), clock()),
    reset: () => {
      log.reset();
      limiter.reset();
      ipGuard.reset();
    },
    close: () => log.close(),
  };
}

/** `{"status_ms": 50}` stands for every status. */
function withEveryStatus(patch: unknown): unknown {
  return isPlainObject(patch) && typeof patch['status_ms'] === 'number' ? { ...patch, status_ms: everyStatus(patch['status_ms']) } : patch;
}
