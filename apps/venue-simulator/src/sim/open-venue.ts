import { Accounts } from './accounts.js';
import { isPlainObject, type ValueCheck } from './check.js';
import { FactLog } from './fact-log.js';
import type { SimulatedFact, RecordFact } from './facts.js';
import { FaultBook, type EndpointKind } from './faults.js';
import { KeyBook, type SimulatedKeyTerms } from './key-book.js';
import { PaymentBook, type StatusScript } from './payment-book.js';
import type { CommonSettings } from './setting-checks.js';
import { everyStatus, SimulatorSettings } from './settings.js';
import { SimulatedClock } from './venue-clock.js';
import type { SimulationOptions, VenueSimulation } from './venue-simulation.js';

/** Fixed differences between venues. */
interface VenueTerms<S, K> {
  readonly statusScripts: Readonly<Record<string, StatusScript>>;
  readonly endpoints: Readonly<Record<string, { readonly kind: EndpointKind }>>;
  readonly settings: S;
  readonly keys: SimulatedKeyTerms<K>;
  readonly checkSettings: ValueCheck;
  readonly checkTogether?: (settings: S) => string | null;
  /** Statuses with a possible successor and therefore a duration in `status_ms`. */
  readonly passingStatuses: readonly string[];
}

/** State used by the handlers of every venue. */
export interface SimulatedVenueState<S, K extends { readonly name: string }> {
  readonly book: PaymentBook;
  readonly accounts: Accounts;
  readonly settings: () => S;
  readonly record: RecordFact;
  readonly clock: SimulatedClock;
  readonly keys: KeyBook<K>;
}

interface OpenVenue<S, K extends { readonly name: string }> {
  readonly state: SimulatedVenueState<S, K>;
  /**
   * Registers `look` to be called before each new fact, with the state still unchanged. Facts
   * replayed at the start are not new.
   */
  readonly beforeEach: (look: (fact: SimulatedFact) => void) => void;
  /** Parts required by the control API. */
  readonly controls: Pick<
    VenueSimulation,
    'book' | 'faults' | 'clock' | 'keys' | 'settings' | 'changeSettings' | 'reset' | 'close'
  >;
}

/** Opens book, balances, faults and settings of a folder in the last saved state. */
export function openVenue<S extends CommonSettings, K extends { readonly name: string }>(
  { data, machineTime }: SimulationOptions,
  terms: VenueTerms<S, K>,
): OpenVenue<S, K> {
  const watchers: ((fact: SimulatedFact) => void)[] = [];
  const record: RecordFact = (fact) => {
    for (const look of watchers) look(fact);
    log.record(fact);
  };
  const settings = new SimulatorSettings<S>(
    terms.settings,
    terms.checkSettings,
    record,
    terms.checkTogether,
  );
  const clock = new SimulatedClock(machineTime, record);
  const keys = new KeyBook<K>(terms.keys, record);
  const book = new PaymentBook(
    terms.statusScripts,
    () => settings.current.status_ms,
    machineTime(),
  );
  const accounts = new Accounts(book, terms.settings.balances);
  const faults = new FaultBook(
    Object.fromEntries(Object.entries(terms.endpoints).map(([name, { kind }]) => [name, kind])),
    record,
  );
  // Settings come last: book and balances apply a settings change under the old settings.
  const log = new FactLog(data, [book, accounts, faults, clock, keys, settings]);
  log.replay();

  /** Expands `{"status_ms": 50}` to the same duration for every status. */
  const withEveryStatus = (patch: unknown): unknown =>
    isPlainObject(patch) && typeof patch['status_ms'] === 'number'
      ? { ...patch, status_ms: everyStatus(terms.passingStatuses, patch['status_ms']) }
      : patch;

  return {
    state: { book, accounts, clock, keys, settings: () => settings.current, record },
    beforeEach: (look) => void watchers.push(look),
    controls: {
      book,
      faults,
      clock,
      keys,
      settings: () => settings.current,
      changeSettings: (patch) => settings.change(withEveryStatus(patch), clock.now()),
      reset: () => log.reset([...book.facts(), ...keys.facts()]),
      close: () => log.close(),
    },
  };
}
