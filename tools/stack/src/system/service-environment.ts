import { EventSigningKey, PermitSigningKey } from '@sluice/signing';
import { publicKeyOf } from '@sluice/test-servers';
import type { Fields } from '../clients/signed-client.js';
import type { Pace } from '../tables/venues/venue.js';
import {
  calledBy,
  callersOf,
  CALLING_NAMES,
  CONSOLE,
  SECRET_NAMES,
  SERVICE_NAMES,
  settingsOf,
  specOf,
  type OfServices,
  type ServiceName,
} from '../tables/services.js';
import {
  connectorOf,
  FURTHER_ACCOUNTS,
  SIMULATED_NAMES,
  simulatedOf,
  type SimulatedName,
} from '../tables/venues.js';
import { adminPortOf, type StackPorts } from '../layout/layout.js';
import type { LocalTls, StackSecrets } from './stack-secrets.js';

/** Input for the services' environments: ports, secrets, brokers and database URLs. */
export interface SystemContext {
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly brokers: readonly string[];
  /** True if Kafka requires logins. */
  readonly kafkaAsksLogins: boolean;
  readonly databases: OfServices<string>;
  /** Issuer of the tokens of people. */
  readonly issuer: string;
  /** Secret of the console's client at the issuer. */
  readonly consoleSecret: string;
  /** The files with the keys of the services' audit logs. */
  readonly auditKeys: OfServices<string>;
  readonly logLevel: string;
  /** Null without TLS. */
  readonly tls: LocalTls | null;
  /** File with the chain settings of a service using chains. */
  chainsFor(name: ServiceName): string;
  /** The file with the wallet's sealed keys. */
  readonly walletKeys: string;
  /** File with the message keys of a service. */
  messageKeysOf(name: ServiceName): string;
  /** Access to a simulated venue (default: as the simulator says). */
  readonly credentialsOf?: (venue: SimulatedName) => Promise<Fields>;
}

export type Environment = Readonly<Record<string, string>>;

/** Rate plan equal to the fast simulators' limits. */
const WIDE = { limit: 10_000, perMs: 1_000 };

/**
 * Short proof times for simulators without listing delay, used by `npm start -- --fast` and tests.
 * Production rejects this short delay between refusal and look-up. The time before silence counts
 * as absence is slightly more than a minute: venues accept a signature for a minute.
 */
export const QUICK_PROOFS: Environment = {
  REFUSAL_LOOKUP_AFTER_MS: '500',
  ABSENCE_AFTER_MS: '65000',
};

const HOST = '127.0.0.1';

/** Further accounts at venues; every program has the same list. */
export const ACCOUNTS: Environment =
  FURTHER_ACCOUNTS.length === 0 ? {} : { VENUE_ACCOUNTS: FURTHER_ACCOUNTS.join(',') };

/** Development mode, because the crash points of fault tests are inert in `production`. */
const COMMON: Environment = { HOST, NODE_ENV: 'development', ...ACCOUNTS };

/**
 * Environment of the simulator. The simulator sends webhooks to a connector and must trust the
 * connector's certificate.
 */
export function simulatorEnvironment(logLevel: string, tls: LocalTls | null): Environment {
  return { ...COMMON, LOG_LEVEL: logLevel, ...(tls && { NODE_EXTRA_CA_CERTS: tls.caFile }) };
}

/**
 * Returns the environment of a service: common variables, and the variables from the table of
 * services.
 */
export function serviceEnvironment(context: SystemContext, name: ServiceName): Environment {
  const { ports, secrets } = context;
  const { isPublic, readsChains, keepsWalletKeys, verifiesEvents, auditsVenues, needsPermits } =
    specOf(name);
  const { callsAll, keepsPasskeys } = specOf(name);
  return {
    ...COMMON,
    PORT: `${ports[name]}`,
    ...kafkaOf(context, name),
    OIDC_ISSUER: context.issuer,
    DATABASE_URL: context.databases[name] ?? '',
    ...tlsOf(context, name),
    MESSAGE_KEYS_FILE: context.messageKeysOf(name),
    AUDIT_KEY_FILE: context.auditKeys[name] ?? '',
    LOG_LEVEL: context.logLevel,
    ...credentialsOf(secrets, name),
    ...(verifiesEvents && { EVENTS_PUBLIC_KEYS: eventKeyOf(secrets) }),
    ...(needsPermits && permitsOf(context)),
    ...(isPublic && { INTERNAL_PORT: `${adminPortOf(ports, name)}` }),
    ...(keepsWalletKeys && {
      SIGNER_KEY_STORE: 'file',
      SIGNER_KEYS_FILE: context.walletKeys,
      SIGNER_KEYS_KEK: secrets.walletKek,
    }),
    ...(readsChains && { EVM_CHAINS_FILE: context.chainsFor(name) }),
    ...(auditsVenues && auditAccess(context)),
    ...(auditsVenues && auditedChains(context, name)),
    ...(callsAll && ofConsole(context)),
    ...(keepsPasskeys && passkeysOf(context)),
    ...neededBy(context, name),
    ...settingsOf(name),
  };
}

/**
 * The auditor's keys at the simulated venues of this stack. A further account has none: its book
 * has the same key, and the auditor refuses one key for two accounts.
 */
function auditAccess({ ports, databases }: SystemContext): Environment {
  const there = SIMULATED_NAMES.filter(
    (venue) => connectorOf(venue) in databases && !FURTHER_ACCOUNTS.includes(venue),
  );
  return Object.assign(
    {},
    ...there.map((venue) => {
      const { audit, basePath = '' } = simulatedOf(venue);
      const url = urlOf(ports[`simulator-${venue}`]) + basePath;
      return audit ? { [audit.address]: url, ...audit.keys } : {};
    }),
  ) as Environment;
}

/** The auditor reads the chains of the wallet, if the wallet runs. */
function auditedChains({ databases, chainsFor }: SystemContext, name: ServiceName): Environment {
  return connectorOf('wallet') in databases ? { AUDITOR_EVM_CHAINS_FILE: chainsFor(name) } : {};
}

/** The console's place, its client at the issuer, and the admin APIs of the running services. */
function ofConsole({ ports, tls, databases, consoleSecret }: SystemContext): Environment {
  const others = SERVICE_NAMES.filter((name) => name !== CONSOLE && name in databases);
  const services = others.map((name) => [name, serviceUrlOf(adminPortOf(ports, name), tls)]);
  return {
    CONSOLE_URL: consoleUrlOf(ports, tls),
    OIDC_CLIENT_ID: CONSOLE_CLIENT,
    OIDC_CLIENT_SECRET: consoleSecret,
    SERVICES: JSON.stringify(Object.fromEntries(services)),
  };
}

/** Passkeys belong to a domain: browsers know the console of this machine as `localhost`. */
export function consoleUrlOf(ports: StackPorts, tls: LocalTls | null): string {
  return `${tls === null ? 'http' : 'https'}://localhost:${ports[CONSOLE]}`;
}

/** Passkeys of the command's page and of the console. A new passkey counts at once on a local stack. */
function passkeysOf({ ports, tls, databases }: SystemContext): Environment {
  if (!(CONSOLE in databases)) return {};
  return passkeySettings(consoleUrlOf(ports, tls));
}

export function passkeySettings(consoleUrl: string): Environment {
  return {
    PASSKEY_RP_ID: 'localhost',
    PASSKEY_ORIGINS: JSON.stringify([COMMAND_ORIGIN, consoleUrl]),
    PASSKEY_WAITS_HOURS: '0',
  };
}

/** Client of the console at the issuer. */
export const CONSOLE_CLIENT = 'sluice-console';
/** Page on which the operators' command asks for a passkey. */
const COMMAND_ORIGIN = 'http://localhost:7420';

/** The public half of the key that signs events. */
function eventKeyOf({ eventsSigningKey }: StackSecrets): string {
  return EventSigningKey.parse(eventsSigningKey).publicKey.publicKey;
}

/** A system without the auditor's process has no permits: payments are counted only. */
function permitsOf({ databases, secrets }: SystemContext): Environment {
  if (!('auditor' in databases)) return { AUDITOR_PERMITS: 'advisory' };
  return {
    AUDITOR_PUBLIC_KEYS: PermitSigningKey.parse(secrets.auditorSigningKey).publicKey,
  };
}

/** Kafka variables; an isolated service uses no Kafka. */
function kafkaOf(context: SystemContext, name: ServiceName): Environment {
  if (specOf(name).isolated) return {};
  return {
    KAFKA_BROKERS: context.brokers.join(','),
    ...(context.kafkaAsksLogins && {
      KAFKA_USERNAME: name,
      KAFKA_PASSWORD: context.secrets.kafka[name],
    }),
  };
}

function tlsOf({ tls }: SystemContext, name: ServiceName): Environment {
  if (tls === null) return {};
  const { certFile, keyFile } = tls.of(name);
  return {
    TLS_CERT_FILE: certFile,
    TLS_KEY_FILE: keyFile,
    INTERNAL_CA_FILE: tls.caFile,
    ...(!specOf(name).isolated && { KAFKA_TLS_CA_FILE: tls.caFile }),
  };
}

/** The service's signing key and the public keys of the callers. */
function credentialsOf({ serviceKeys }: StackSecrets, name: ServiceName): Environment {
  const calling = CALLING_NAMES.find((one) => one === name);
  const callers = callersOf(name).map((caller) => {
    const key: unknown = JSON.parse(publicKeyOf(serviceKeys[caller]));
    return [caller, [key]] as const;
  });
  return {
    ...(calling && { SERVICE_KEY: serviceKeys[calling] }),
    ...(callers.length > 0 && { SERVICE_CALLERS: JSON.stringify(Object.fromEntries(callers)) }),
  };
}

/**
 * Returns addresses and secrets needed by a service. Throws if the table names a service or secret
 * unknown to the stack.
 */
function neededBy(
  { ports, secrets, tls, databases }: SystemContext,
  name: ServiceName,
): Environment {
  const { secrets: own = {} } = specOf(name);
  const urls = Object.entries(calledBy(name, Object.keys(databases))).map(([variable, other]) => [
    variable,
    serviceUrlOf(adminPortOf(ports, known(SERVICE_NAMES, other)), tls),
  ]);
  const values = Object.entries(own).map(([variable, secret]) => [
    variable,
    secrets[known(SECRET_NAMES, secret)],
  ]);
  return Object.fromEntries([...urls, ...values]) as Environment;
}

function known<Name extends string>(names: readonly Name[], wanted: string): Name {
  const name = names.find((one) => one === wanted);
  if (name === undefined) throw new Error(`${wanted} is unknown: ${names.join(', ')}`);
  return name;
}

/**
 * Returns the environment of a simulated venue's connector. Throws if the simulator lacks a
 * credential needed by the connector.
 */
export function connectorEnvironment(
  context: SystemContext,
  name: SimulatedName,
  credentials: Fields,
  pace: Pace,
): Environment {
  const venue = simulatedOf(name);
  const access = Object.entries(venue.credentials).map(([variable, field]): [string, string] => {
    const value = credentials[field];
    if (typeof value !== 'string')
      throw new Error(`the ${venue.title} simulator gives no ${field}`);
    return [variable, value];
  });
  const plan = Object.fromEntries(venue.endpoints.map((endpoint) => [endpoint, WIDE]));
  return {
    ...serviceEnvironment(context, connectorOf(name)),
    ...Object.fromEntries(access),
    ...(FURTHER_ACCOUNTS.includes(name) && { VENUE_ACCOUNT: name }),
    ...(pace === 'fast' && { RATE_PLAN: JSON.stringify(plan) }),
  };
}

/** Returns the URL of a service. */
export function serviceUrlOf(port: number, tls: LocalTls | null): string {
  return tls === null ? urlOf(port) : `https://${HOST}:${port}`;
}

/** Returns a URL without TLS, for the simulators. */
export function urlOf(port: number): string {
  return `http://${HOST}:${port}`;
}
