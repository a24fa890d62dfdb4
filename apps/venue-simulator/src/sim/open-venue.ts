import type { FastifyInstance } from 'fastify';
import { ok, refuse, type Result } from '@sluice/kernel';
import { Accounts } from './accounts.js';
import { isPlainObject, type ValueCheck } from './check.js';
import {
  type FactKeeper,
  FactLog,
  type RecordFact,
  type SettingsPatch,
  type SimulatedFact,
} from './facts.js';
import { type EndpointKind, FaultBook } from './faults.js';
import { type BroughtKeys, KeyBook, type SimulatedKeyTerms } from './key-book.js';
import { PaymentBook, type StatusScript } from './payment-book.js';
import type { CommonSettings } from './setting-checks.js';
import { SimulatedClock } from './venue-clock.js';

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
  /** Registers `look` for each new fact, before it takes effect. */
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

/** Simulated venue, for the server and the control API. */
export interface VenueSimulation {
  /** Path of the venue's API, e.g. `/api/v4`. */
  readonly basePath: string;
  /** Part of the base path in the clients' base URL. Default: all of it. */
  readonly basePathOfClients?: string;
  readonly book: PaymentBook;
  readonly faults: FaultBook;
  readonly clock: SimulatedClock;
  readonly keys: BroughtKeys;
  /** Adds the venue's routes; the instance has the base path as its prefix and hands bodies over as raw bytes. */
  mount(api: FastifyInstance): void;
  credentials(): Readonly<Record<string, unknown>>;
  /** Number of requests over a rate limit, by limit and client; a missing key means zero. */
  rateLimited(): Readonly<Record<string, number>>;
  settings(): object;
  changeSettings(patch: unknown): Result<void, string>;
  /** Empties the book, disarms the faults, restores the settings, sets the clock right. */
  reset(): void;
  close(): void;
}

export interface SimulationOptions {
  readonly data: string;
  /** The machine's time, Unix milliseconds. */
  readonly machineTime: () => number;
}

/** Settings: defaults with stored partial updates. Objects are merged. */
export class SimulatorSettings<S extends object> implements FactKeeper {
  current: S;

  constructor(
    private readonly defaults: S,
    private readonly check: ValueCheck,
    private readonly record: RecordFact,
    /** Returns the fault of the complete updated settings, or null. */
    private readonly checkTogether: (settings: S) => string | null = () => null,
  ) {
    this.current = defaults;
  }

  apply(fact: SimulatedFact): void {
    if (fact.t === 'settings') this.current = merged(this.current, fact.patch);
    else if (fact.t === 'reset') this.current = this.defaults;
  }

  /** Applies an update. Returns a message if invalid, and changes nothing then. */
  change(patch: unknown, at: number): Result<void, string> {
    const fault =
      this.check(patch, 'settings') ??
      this.checkTogether(merged(this.current, patch as SettingsPatch));
    if (fault !== null) return refuse(fault);
    this.record({ t: 'settings', patch: patch as SettingsPatch, at });
    return ok(undefined);
  }
}

/** Sets the same duration for all statuses, e.g. for `{"status_ms": 50}`. */
export function everyStatus(statuses: readonly string[], ms: number): Record<string, number> {
  return Object.fromEntries(statuses.map((status) => [status, ms]));
}

function merged<T extends object>(into: T, patch: object): T {
  const result = { ...into } as Record<string, unknown>;
  for (const [key, value] of Object.entries(patch)) {
    const before = result[key];
    result[key] = isPlainObject(before) && isPlainObject(value) ? merged(before, value) : value;
  }
  return result as T;
}
