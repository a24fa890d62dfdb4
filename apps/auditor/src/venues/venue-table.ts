import { setTimeout as sleep } from 'node:timers/promises';
import { auditBitmart, BITMART_AUDIT_SETTINGS } from '@sluice/connector-bitmart/audit';
import { auditBybit, BYBIT_AUDIT_SETTINGS } from '@sluice/connector-bybit/audit';
import {
  type AuditedRecord,
  type RecordParts,
  VenueClock,
  VenueHttp,
} from '@sluice/connector-engine';
import { auditGateio, GATEIO_AUDIT_SETTINGS } from '@sluice/connector-gateio/audit';
import { programOf, VENUES } from '@sluice/messages';
import {
  ConfigError,
  type ConfigOf,
  type Environment,
  type Logger,
  monotonicMs,
  outgoingProxyOf,
  type ProxySettings,
  readConfig,
  type Setting,
} from '@sluice/runtime';

export const VENUE_SETTINGS = {
  ...GATEIO_AUDIT_SETTINGS,
  ...BYBIT_AUDIT_SETTINGS,
  ...BITMART_AUDIT_SETTINGS,
} as const;

type VenueSettings = ConfigOf<typeof VENUE_SETTINGS>;

/** An account whose record the auditor can read. */
interface AuditableVenue {
  readonly venue: string;
  readonly key: string;
  readonly baseUrl: string;
  readonly open: (parts: RecordParts) => AuditedRecord;
}

export interface AuditedSettings extends VenueSettings {
  readonly furtherVenues: readonly AuditableVenue[];
}

const isOfKey = (variable: string): boolean => variable.includes('_AUDIT_API_');

/** Name of a venue's variable for a further account: `GATEIO_AUDIT_API_KEY__GATEIO_TREASURY`. */
const variableOf = (variable: string, account: string): string =>
  `${variable}__${account.replaceAll('-', '_').toUpperCase()}`;

const PROGRAMS = {
  gateio: program(GATEIO_AUDIT_SETTINGS, (config) => ({
    key: config.gateioApiKey,
    baseUrl: config.gateioBaseUrl,
    open: (parts) => auditGateio(config, parts),
  })),
  bybit: program(BYBIT_AUDIT_SETTINGS, (config) => ({
    key: config.bybitApiKey,
    baseUrl: config.bybitBaseUrl,
    open: (parts) => auditBybit(config, parts),
  })),
  bitmart: program(BITMART_AUDIT_SETTINGS, (config) => ({
    key: config.bitmartApiKey.reveal(),
    baseUrl: config.bitmartBaseUrl,
    open: (parts) => auditBitmart(config, parts),
  })),
} as const;

const ROWS: ReadonlyMap<string, (typeof PROGRAMS)[keyof typeof PROGRAMS]> = new Map(
  Object.entries(PROGRAMS),
);

type Readable = Omit<AuditableVenue, 'venue'>;
type Settings = Readonly<Record<string, Setting<unknown>>>;

function program<S extends Settings>(settings: S, open: (config: ConfigOf<S>) => Readable) {
  return {
    open,
    /** Variables of an account, each with its settings' names. */
    ofAccount: (env: Environment, account: string): Readable =>
      open(readConfig(env, settingsOf(settings, env, account))),
    keyVariables: Object.values(settings)
      .map(({ variable }) => variable)
      .filter(isOfKey),
  };
}

/** The keys have variables of the account alone; the other settings default to the venue's. */
function settingsOf<S extends Settings>(settings: S, env: Environment, account: string): S {
  const renamed = Object.entries(settings).map(([field, one]) => {
    const variable = variableOf(one.variable, account);
    return [field, isOfKey(one.variable) || env[variable] ? { ...one, variable } : one] as const;
  });
  return Object.fromEntries(renamed) as S;
}

/** Reads keys of further accounts. Throws a ConfigError for a variable without an account. */
export function readFurtherVenues(
  env: Environment,
  names: readonly string[] = VENUES,
): readonly AuditableVenue[] {
  const further = names.flatMap((account) => {
    const row = account === programOf(account) ? undefined : ROWS.get(programOf(account));
    return row === undefined ? [] : [{ account, row }];
  });
  const known = new Set(
    further.flatMap(({ account, row }) =>
      row.keyVariables
        .map((variable) => variableOf(variable, account))
        .flatMap((variable) => [variable, `${variable}_FILE`]),
    ),
  );
  const unknown = Object.keys(env).filter(
    (name) => isOfKey(name) && name.includes('__') && !known.has(name),
  );
  if (unknown.length > 0)
    throw new ConfigError(
      `configuration: ${unknown.map((name) => `${name} belongs to no account of VENUE_ACCOUNTS that the auditor reads`).join('; ')}`,
    );
  return further.map(({ account, row }) => ({ venue: account, ...row.ofAccount(env, account) }));
}

function auditableVenues(config: AuditedSettings): readonly AuditableVenue[] {
  const venues = [
    { venue: 'gateio', ...PROGRAMS.gateio.open(config) },
    { venue: 'bybit', ...PROGRAMS.bybit.open(config) },
    { venue: 'bitmart', ...PROGRAMS.bitmart.open(config) },
    ...config.furtherVenues,
  ];
  const fault = sameKeyTwice(venues);
  if (fault !== null) throw new ConfigError(`configuration: ${fault}`);
  return venues;
}

/** One key for two accounts would compare the orders of both with the record of one. */
export function sameKeyTwice(
  venues: readonly Pick<AuditableVenue, 'venue' | 'key'>[],
): string | null {
  const keys = venues.filter(({ key }) => key !== '');
  for (const [index, one] of keys.entries()) {
    const other = keys.slice(0, index).find(({ key }) => key === one.key);
    if (other) return `the auditor's key of ${one.venue} is also its key of ${other.venue}`;
  }
  return null;
}

/**
 * Venues whose records do not prove a transfer's recipient: compared by currency and amount alone.
 */
export const LISTS_NO_ACCOUNTS: ReadonlySet<string> = new Set(['bitmart']);

export interface CoveredVenue {
  readonly venue: string;
  readonly record: AuditedRecord;
  readonly clock: VenueClock;
  close(): Promise<void>;
}

const CONNECTIONS = 2;

/** Opens the record of each venue for which the auditor has a key. */
export function coveredVenues(
  settings: AuditedSettings & ProxySettings,
  logger: Logger,
): readonly CoveredVenue[] {
  const proxy = outgoingProxyOf(settings);
  return auditableVenues(settings)
    .filter(({ key }) => key !== '')
    .map(({ venue, baseUrl, open }) => {
      const clock = new VenueClock(venue, logger);
      const { origin } = new URL(baseUrl);
      const http = new VenueHttp({ origin, clock, proxy, connections: CONNECTIONS });
      const pace = new OwnPace();
      const record = open({ http, clock, turn: (endpoint) => pace.turn(endpoint) });
      return { venue, record, clock, close: () => http.close() };
    });
}

/** A call every half second, a small part of each venue's limit, which the connector shares. */
const BETWEEN_MS = 500;

/** Keeps the calls of an endpoint apart. */
export class OwnPace {
  private readonly nextAtMs = new Map<string, number>();

  constructor(
    private readonly now: () => number = monotonicMs,
    private readonly wait: (ms: number) => Promise<unknown> = sleep,
  ) {}

  async turn(endpoint: string): Promise<void> {
    const now = this.now();
    const atMs = Math.max(now, this.nextAtMs.get(endpoint) ?? now);
    this.nextAtMs.set(endpoint, atMs + BETWEEN_MS);
    if (atMs > now) await this.wait(atMs - now);
  }
}
