import {
  connectorOf,
  SIMULATED_NAMES,
  VENUE_NAMES,
  venueOf,
  type CallingConnector,
  type ConnectorName,
  type FirstVenue,
  type VenueName,
} from './venues.js';

/** Of every topic. */
export const PARTITIONS = 6;

/** One service, as far as whatever runs it has to know it. */
export interface ServiceSpec {
  /** Its database; also the login that it uses there. Another one owns it (`ownerOf`). */
  readonly database: string;
  /** It runs where this venue does; every other runs always. */
  readonly onlyWith?: string;
  /** Customers reach its `PORT`: the admin API then answers on `INTERNAL_PORT` alone. */
  readonly isPublic?: true;
  /** Variables that are the address of another service's admin API; that one is told whose calls it will get. */
  readonly needs?: Readonly<Record<string, string>>;
  /** The same, of a service that does not run in every start: left out where that one does not run. */
  readonly asks?: Readonly<Record<string, string>>;
  /** Variables that are a secret of the stack, 32 bytes in base64. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Settings of its own, where the defaults do not fit a local stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The same, of those that production refuses. */
  readonly laptopSettings?: Readonly<Record<string, string>>;
  /** It is told which chains there are: `EVM_CHAINS_FILE`. */
  readonly readsChains?: true;
  /** It alone has the wallet's keys: of this machine's wallet a sealed file, in production whatever keeps real ones. */
  readonly keepsWalletKeys?: true;
  /** It speaks to no Kafka and to no service: to its database alone, and to the issuer for the tokens of people. */
  readonly isolated?: true;
  /** With whom it shares a key though no topic is between them: what a third one carries is proven by it. */
  readonly sharesKeysWith?: readonly string[];
  /** It calls addresses that customers name, anywhere in the internet. */
  readonly callsCustomers?: true;
  /** Tables that it is always busy with: the nemesis locks them. */
  readonly busyTables: readonly string[];
  /** Where its container answers on this machine; a port for the admin API is the next one. */
  readonly machinePort: number;
}

/**
 * Every service that is no connector; those follow from the venues (venues.ts). Databases, logins, ports, environments, processes, run.json,
 * the containers (`nx run stack:compose`) and what the tests of the whole system go through come from here.
 */
export const SERVICES = {
  'intake-api': {
    database: 'intake',
    isPublic: true,
    needs: { LEDGER_URL: 'ledger', WEBHOOKS_URL: 'webhooks' },
    asks: { CONNECTOR_EVM_URL: 'connector-evm' },
    secrets: { SECRETS_KEK: 'secretsKek' },
    settings: { REQUESTS_PER_MINUTE_PER_IP: '300000' }, // all load comes from this machine
    busyTables: ['withdrawal', 'outbox', 'inbox'],
    machinePort: 8080,
  },
  ledger: {
    database: 'ledger',
    secrets: { CHAIN_KEY: 'chainKey', CHAIN_SIGNING_KEY: 'chainSigningKey' },
    busyTables: ['hold', 'outbox', 'balance'],
    machinePort: 8082,
  },
  webhooks: {
    database: 'webhooks',
    secrets: { SECRETS_KEK: 'webhooksKek' },
    laptopSettings: { WEBHOOK_ALLOW_LOOPBACK: 'true' },
    callsCustomers: true,
    busyTables: ['delivery', 'delivery_attempt', 'webhook'],
    machinePort: 8100,
  },
  signer: {
    database: 'signer',
    onlyWith: 'wallet',
    isolated: true,
    readsChains: true,
    keepsWalletKeys: true,
    sharesKeysWith: ['ledger'],
    busyTables: ['signed_nonce', 'signature', 'signed_total'],
    machinePort: 8101,
  },
} as const satisfies Readonly<Record<string, ServiceSpec>>;

type Table = typeof SERVICES;

/** A service that is no connector. */
export type CoreName = keyof Table;
export type ServiceName = CoreName | ConnectorName;
/** A service that calls others. */
export type CallingName = NamesWith<{ needs: object }> | CallingConnector;
export type PublicName = NamesWith<{ isPublic: true }>;
export type SecretName = SecretsOf<Table[CoreName]>;
/** What runs in every start. */
export type AlwaysName =
  Exclude<CoreName, NamesWith<{ onlyWith: string }>> | `connector-${FirstVenue}`;

/** What every start has of each service, and what it has of those that its venues need. */
export type OfServices<T> = Readonly<Record<AlwaysName, T>> &
  Readonly<Partial<Record<ServiceName, T>>>;

type NamesWith<Part> = { [Name in CoreName]: Table[Name] extends Part ? Name : never }[CoreName];
type SecretsOf<Spec> = Spec extends { secrets: Readonly<Record<string, infer Name>> }
  ? Name
  : never;

export const CORE_NAMES = Object.keys(SERVICES) as readonly CoreName[];
export const SERVICE_NAMES: readonly ServiceName[] = [
  ...CORE_NAMES,
  ...VENUE_NAMES.map(connectorOf),
];

/** Every service of a stack that pays at these venues. */
export function servicesWith(venues: readonly VenueName[]): readonly ServiceName[] {
  return [...coreWith(venues), ...venues.map(connectorOf)];
}

/** The same without the connectors. */
export function coreWith(venues: readonly VenueName[]): readonly CoreName[] {
  return CORE_NAMES.filter((name) => {
    const { onlyWith } = specOf(name);
    return onlyWith === undefined || venues.some((venue) => venue === onlyWith);
  });
}

const FIRST_CONNECTOR_PORT = 8083;

const CONNECTORS = Object.fromEntries(
  VENUE_NAMES.map((venue, index): [ConnectorName, ServiceSpec] => [
    connectorOf(venue),
    {
      ...partsOf(venue),
      database: connectorOf(venue).replaceAll('-', '_'),
      busyTables: ['submission', 'attempt', 'outbox'],
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

/** What runs where every venue is simulated. */
export const SIMULATED_SERVICES = servicesWith(SIMULATED_NAMES);

export const CALLING_NAMES = SERVICE_NAMES.filter(
  (name) => specOf(name).needs,
) as readonly CallingName[];
/** The login that owns a service's database and migrates it, and that no running service has. */
export function ownerOf(name: ServiceName): string {
  return `${specOf(name).database}_owner`;
}

export const PUBLIC_NAMES = CORE_NAMES.filter(
  (name) => specOf(name).isPublic,
) as readonly PublicName[];
/** The secrets that services name, each once. */
export const SECRET_NAMES = [
  ...new Set(CORE_NAMES.flatMap((name) => Object.values(specOf(name).secrets ?? {}))),
] as readonly SecretName[];

/** What a local stack sets of this service beside what every service is given. */
export function settingsOf(name: ServiceName): Readonly<Record<string, string>> {
  const { settings, laptopSettings } = specOf(name);
  return { ...settings, ...laptopSettings };
}

/** The services that call this one. */
export function callersOf(name: ServiceName): readonly CallingName[] {
  return CALLING_NAMES.filter((one) => {
    const { needs = {}, asks = {} } = specOf(one);
    return [...Object.values(needs), ...Object.values(asks)].includes(name);
  });
}

/** Variables of a service with the other services that they are the addresses of, where these are the ones that run. */
export function calledBy(
  name: ServiceName,
  running: readonly string[],
): Readonly<Record<string, string>> {
  const { needs = {}, asks = {} } = specOf(name);
  const there = Object.entries(asks).filter(([, other]) => running.includes(other));
  return { ...needs, ...Object.fromEntries(there) };
}

/** A value for each of these services, under its name. */
export function ofEach<Name extends ServiceName, T>(
  names: readonly Name[],
  value: (name: Name) => T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, T>;
}
