import { Accounts } from './accounts.js';
import { isPlainObject, type Check } from './check.js';
import { FactLog } from './fact-log.js';
import type { RecordFact } from './facts.js';
import { FaultBook, type EndpointKind } from './faults.js';
import { PaymentBook, type StatusScript } from './payment-book.js';
import type { CommonSettings } from './setting-checks.js';
import { everyStatus, Settings } from './settings.js';
import type { SimulationOptions, VenueSimulation } from './venue-simulation.js';

/** What tells one venue from another before any request comes. */
export interface VenueTerms<S> {
  readonly statusScripts: Readonly<Record<string, StatusScript>>;
  readonly endpoints: Readonly<Record<string, { readonly kind: EndpointKind }>>;
  readonly settings: S;
  readonly checkSettings: Check;
  /** Statuses that can end, and so have a duration in `status_ms`. */
  readonly passingStatuses: readonly string[];
}

/** What the handlers of every venue work on. */
export interface VenueState<S> {
  readonly book: PaymentBook;
  readonly accounts: Accounts;
  readonly settings: () => S;
  readonly record: RecordFact;
}

export interface OpenVenue<S> {
  readonly state: VenueState<S>;
  /** What the control API needs of it. */
  readonly controls: Pick<
    VenueSimulation,
    'book' | 'faults' | 'settings' | 'changeSettings' | 'reset' | 'close'
  >;
}

/** Opens book, balances, faults and settings of one folder, as they were left. */
export function openVenue<S extends CommonSettings>(
  { data, clock }: SimulationOptions,
  terms: VenueTerms<S>,
): OpenVenue<S> {
  const record: RecordFact = (fact) => log.record(fact);
  const settings = new Settings<S>(terms.settings, terms.checkSettings, record);
  const book = new PaymentBook(terms.statusScripts, () => settings.current.status_ms, clock());
  const accounts = new Accounts(book, terms.settings.balances);
  const faults = new FaultBook(
    Object.fromEntries(Object.entries(terms.endpoints).map(([name, { kind }]) => [name, kind])),
    record,
  );
  // The settings come last: until a change of them, statuses and balances go by the old ones.
  const log = new FactLog(data, [book, accounts, faults, settings]);
  log.replay();

  /** `{"status_ms": 50}` stands for every status. */
  const withEveryStatus = (patch: unknown): unknown =>
    isPlainObject(patch) && typeof patch['status_ms'] === 'number'
      ? { ...patch, status_ms: everyStatus(terms.passingStatuses, patch['status_ms']) }
      : patch;

  return {
    state: { book, accounts, settings: () => settings.current, record },
    controls: {
      book,
      faults,
      settings: () => settings.current,
      changeSettings: (patch) => settings.change(withEveryStatus(patch), clock()),
      reset: () => log.reset(),
      close: () => log.close(),
    },
  };
}
