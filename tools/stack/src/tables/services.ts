import {
  SIMULATED_NAMES,
  VENUE_NAMES,
  connectorOf,
  venueOf,
  type CallingConnector,
  type ConnectorName,
  type FirstVenue,
  type VenueName,
} from './venues.js';

/** Number of partitions of every topic. */
export const PARTITIONS = 6;

/** Facts about a service needed to run the service. */
interface ServiceSpec {
  /**
   * Name of the service's database and of the service's login. The owner is a different login
   * (`ownerOf`).
   */
  readonly database: string;
  /** Venue required for the service to run. Default: the service always runs. */
  readonly onlyWith?: string;
  /**
   * True if customers reach the service's `PORT`. In this case the admin API uses only
   * `INTERNAL_PORT`.
   */
  readonly isPublic?: true;
  /**
   * Variables with the admin API address of another service. The other service receives this
   * service's public key.
   */
  readonly needs?: Readonly<Record<string, string>>;
  /** Like `needs`, for an optional service: omitted if the other service does not run. */
  readonly asks?: Readonly<Record<string, string>>;
  /** Variables with a secret of the stack, 32 bytes in base64. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Settings for a local stack differing from the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
  /** True if the service reads the list of chains: `EVM_CHAINS_FILE`. */
  readonly readsChains?: true;
  /**
   * True for the only service with the wallet's keys: a sealed file on a local stack, a real key
   * store in production.
   */
  readonly keepsWalletKeys?: true;
  /**
   * True if the service uses no Kafka and has no right at another service. The service uses only the
   * database, and the issuer for tokens of people.
   */
  readonly isolated?: true;
  /**
   * True if the service calls the admin API of every other service, with the tokens of people alone:
   * `SERVICES`, and a client of its own at the issuer.
   */
  readonly callsAll?: true;
  /** True for a service that runs only if the start asks for it. */
  readonly onlyOnRequest?: true;
  /** True for the service that keeps the passkeys of people: `PASSKEY_ORIGINS`. */
  readonly keepsPasskeys?: true;
  /**
   * Services sharing a key with this service without a common topic. The key proves content carried
   * by a third service.
   */
  readonly sharesKeysWith?: readonly string[];
  /** True for the service with a key of its own at each venue, without the right to pay. */
  readonly auditsVenues?: true;
  /** True if the service calls addresses given by customers, anywhere on the internet. */
  readonly callsCustomers?: true;
  /** True if the service verifies public events: `EVENTS_PUBLIC_KEYS`. */
  readonly verifiesEvents?: true;
  /** True if the service pays only with permits of the auditor: `AUDITOR_PUBLIC_KEYS`. */
  readonly needsPermits?: true;
  /** Tables in constant use by the service, locked by the nemesis. */
  readonly busyTables: readonly string[];
  /** Port of the service's container on this machine. A separate admin API uses the next port. */
  readonly machinePort: number;
}

/**
 * Table of all services except connectors; connectors follow from the venues (venues.ts). This
 * table defines databases, logins, ports, environments, processes, run.json and the containers (`nx
 * run stack:compose`). Tests of the whole system also iterate over this table.
 */
const SERVICES = {
  'intake-api': {
    database: 'intake',
    isPublic: true,
    needs: { LEDGER_URL: 'ledger', WEBHOOKS_URL: 'webhooks' },
    asks: { CONNECTOR_EVM_URL: 'connector-evm' },
    secrets: { SECRETS_KEK: 'secretsKek', EVENTS_SIGNING_KEY: 'eventsSigningKey' },
    // All load comes from this machine, and a single account pays fresh addresses.
    settings: { REQUESTS_PER_MINUTE_PER_IP: '300000', NEW_ADDRESSES_PER_HOUR: '100000' },
    busyTables: ['withdrawal', 'outbox', 'inbox'],
    machinePort: 8080,
  },
  ledger: {
    database: 'ledger',
    secrets: { CHAIN_KEY: 'chainKey', CHAIN_SIGNING_KEY: 'chainSigningKey' },
    keepsPasskeys: true,
    busyTables: ['hold', 'outbox', 'balance'],
    machinePort: 8082,
  },
  webhooks: {
    database: 'webhooks',
    secrets: { SECRETS_KEK: 'webhooksKek' },
    sharesKeysWith: ['ledger'],
    callsCustomers: true,
    verifiesEvents: true,
    busyTables: ['delivery', 'delivery_attempt', 'webhook'],
    machinePort: 8100,
  },
  signer: {
    database: 'signer',
    onlyWith: 'wallet',
    isolated: true,
    readsChains: true,
    keepsWalletKeys: true,
    needsPermits: true,
    sharesKeysWith: ['ledger'],
    busyTables: ['signed_nonce', 'signature', 'signed_total'],
    machinePort: 8101,
  },
  auditor: {
    database: 'auditor',
    auditsVenues: true,
    secrets: { AUDITOR_SIGNING_KEY: 'auditorSigningKey' },
    sharesKeysWith: ['intake-api', 'ledger', ...VENUE_NAMES.map(connectorOf)],
    busyTables: ['audited_withdrawal', 'audited_order', 'venue_payment'],
    machinePort: 8102,
  },
  console: {
    database: 'console',
    isPublic: true,
    isolated: true,
    callsAll: true,
    onlyOnRequest: true,
    secrets: { SESSIONS_KEK: 'sessionsKek' },
    busyTables: ['session', 'login_attempt'],
    machinePort: 8103,
  },
} as const satisfies Readonly<Record<string, ServiceSpec>>;

type Table = typeof SERVICES;

/** Name of a service other than a connector. */
type CoreName = keyof Table;
export type ServiceName = CoreName | ConnectorName;
/** Name of a service calling other services. */
export type CallingName = NamesWith<{ needs: object }> | CallingConnector;
export type PublicName = NamesWith<{ isPublic: true }>;
export type SecretName = SecretsOf<Table[CoreName]>;
/** Services running in every start. */
export type AlwaysName =
  | Exclude<CoreName, NamesWith<{ onlyWith: string }> | NamesWith<{ onlyOnRequest: true }>>
  | `connector-${FirstVenue}`;

/**
 * Values by service: required for services in every start, optional for services of other venues.
 */
export type OfServices<T> = Readonly<Record<AlwaysName, T>> &
  Readonly<Partial<Record<ServiceName, T>>>;

type NamesWith<Part> = { [Name in CoreName]: Table[Name] extends Part ? Name : never }[CoreName];
type SecretsOf<Spec> = Spec extends { secrets: Readonly<Record<string, infer Name>> }
  ? Name
  : never;

const CORE_NAMES = Object.keys(SERVICES) as readonly CoreName[];
export const SERVICE_NAMES: readonly ServiceName[] = [
  ...CORE_NAMES,
  ...VENUE_NAMES.map(connectorOf),
];

/** The operators' page, which a start has on request. */
export const CONSOLE = 'console';

/** Returns every service of a stack with the given venues, with the console on request. */
export function servicesWith(
  venues: readonly VenueName[],
  withConsole = false,
): readonly ServiceName[] {
  return [...coreWith(venues, withConsole), ...venues.map(connectorOf)];
}

/** The same without the connectors. */
export function coreWith(venues: readonly VenueName[], withConsole = false): readonly CoreName[] {
  return CORE_NAMES.filter((name) => {
    const { onlyWith, onlyOnRequest = false } = specOf(name);
    if (onlyOnRequest && !withConsole) return false;
    return onlyWith === undefined || venues.some((venue) => venue === onlyWith);
  });
}

const FIRST_CONNECTOR_PORT = 8083;

const CONNECTORS = Object.fromEntries(
  VENUE_NAMES.map((venue, index): [ConnectorName, ServiceSpec] => [
    connectorOf(venue),
    {
      ...partsOf(venue),
      needsPermits: true,
      database: connectorOf(venue).replaceAll('-', '_'),
      busyTables: ['submission', 'former_attempt', 'outbox'],
      machinePort: FIRST_CONNECTOR_PORT + index,
    },
  ]),
) as Readonly<Record<ConnectorName, ServiceSpec>>;

function partsOf(venue: VenueName): Pick<ServiceSpec, 'needs' | 'readsChains'> {
  const { needs, isChains } = venueOf(venue);
  return { ...(needs && { needs }), ...(isChains && { readsChains: true }) };
}

const ALL: Readonly<Record<ServiceName, ServiceSpec>> = { ...SERVICES, ...CONNECTORS };

export function specOf(name: ServiceName): ServiceSpec {
  return ALL[name];
}

/** Services of a stack with all simulated venues. */
export const SIMULATED_SERVICES = servicesWith(SIMULATED_NAMES);

export const CALLING_NAMES = SERVICE_NAMES.filter(
  (name) => specOf(name).needs,
) as readonly CallingName[];
/**
 * Returns the login owning and migrating a service's database. No running service has this login.
 */
export function ownerOf(name: ServiceName): string {
  return `${specOf(name).database}_owner`;
}

export const PUBLIC_NAMES = CORE_NAMES.filter(
  (name) => specOf(name).isPublic,
) as readonly PublicName[];
/** Distinct names of all secrets used by services. */
export const SECRET_NAMES = [
  ...new Set(CORE_NAMES.flatMap((name) => Object.values(specOf(name).secrets ?? {}))),
] as readonly SecretName[];

/**
 * Returns a service's own settings on a local stack, without the settings common to all services.
 */
export function settingsOf(name: ServiceName): Readonly<Record<string, string>> {
  return specOf(name).settings ?? {};
}

/** Returns the services calling this service. */
export function callersOf(name: ServiceName): readonly CallingName[] {
  return CALLING_NAMES.filter((one) => {
    const { needs = {}, asks = {} } = specOf(one);
    return [...Object.values(needs), ...Object.values(asks)].includes(name);
  });
}

/**
 * Returns the address variables of a service, each with the called service. Optional services not
 * running are omitted.
 */
export function calledBy(
  name: ServiceName,
  running: readonly string[],
): Readonly<Record<string, string>> {
  const { needs = {}, asks = {} } = specOf(name);
  const there = Object.entries(asks).filter(([, other]) => running.includes(other));
  return { ...needs, ...Object.fromEntries(there) };
}

/** Returns a value for each service, by name. */
export function ofEach<Name extends ServiceName, T>(
  names: readonly Name[],
  value: (name: Name) => T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, T>;
}

/** States of a withdrawal that has not ended. */
export const UNDER_WAY: readonly string[] = [
  'requested',
  'awaiting_approval',
  'submitting',
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
  'capturing',
  'releasing',
  'cancelling',
];
