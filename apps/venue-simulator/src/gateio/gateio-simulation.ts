import { Accounts } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import { FactLog } from '../sim/fact-log.js';
import type { RecordFact } from '../sim/facts.js';
import { FaultBook } from '../sim/faults.js';
import { PaymentBook } from '../sim/payment-book.js';
import { RateLimiter } from '../sim/rate-limiter.js';
import { Settings } from '../sim/settings.js';
import type { SimulationOptions, VenueSimulation } from '../sim/venue-simulation.js';
import { mountGateio } from './gateio-api.js';
import { GATEIO_COURSES } from './gateio-courses.js';
import { GATEIO_ENDPOINTS } from './gateio-endpoints.js';
import { ACCOUNT_UID, API_KEYS } from './gateio-keys.js';
import { checkSettings, DEFAULT_SETTINGS, everyStatus, type GateioSettings } from './gateio-settings.js';

/** Opens the simulated Gate.io of one folder, as it was left. */
export function openGateio({ data, clock }: SimulationOptions): VenueSimulation {
  const record: RecordFact = (fact) => log.record(fact);
  const settings = new Settings<GateioSettings>(DEFAULT_SETTINGS, checkSettings, record);
  const book = new PaymentBook(GATEIO_COURSES, () => settings.current.status_ms, clock());
  const accounts = new Accounts(book, DEFAULT_SETTINGS.balances);
  const kinds = Object.fromEntries(Object.entries(GATEIO_ENDPOINTS).map(([name, { kind }]) => [name, kind]));
  const faults = new FaultBook(kinds, record);
  // The settings come last: until a change of them, statuses and balances go by the old ones.
  const log = new FactLog(data, [book, accounts, faults, settings]);
  const limiter = new RateLimiter();
  log.replay();

  return {
    basePath: '/api/v4',
    book,
    faults,
    mount: (app) => mountGateio(app, { state: { book, accounts, settings: () => settings.current, record }, faults, limiter, clock }),
    credentials: () => ({ ...API_KEYS[0], uid: ACCOUNT_UID, other_keys: API_KEYS.slice(1) }),
    rateLimited: () => limiter.refusals(),
    settings: () => settings.current,
    changeSettings: (patch) => settings.change(withEveryStatus(patch), clock()),
    reset: () => {
      log.reset();
      limiter.reset();
    },
    close: () => log.close(),
  };
}

/** `{"status_ms": 50}` stands for every status. */
function withEveryStatus(patch: unknown): unknown {
  return isPlainObject(patch) && typeof patch['status_ms'] === 'number' ? { ...patch, status_ms: everyStatus(patch['status_ms']) } : patch;
}
