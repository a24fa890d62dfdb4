import { publicKeyOf } from '@sluice/test-servers';
import type { Pace, VenueCredentials } from '../clients/simulator-client.js';
import {
  calledBy,
  callersOf,
  CALLING_NAMES,
  SECRET_NAMES,
  SERVICE_NAMES,
  settingsOf,
  specOf,
  type OfServices,
  type ServiceName,
} from '../services.js';
import { connectorOf, simulatedOf, type SimulatedName } from '../venues.js';
import { adminPortOf, type StackPorts } from './stack-ports.js';
import type { LocalTls } from './local-tls.js';
import type { StackSecrets } from './stack-secrets.js';

/** What the environments of the services are made from: ports, secrets, brokers and database URLs. */
export interface SystemContext {
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly brokers: readonly string[];
  /** Whether that Kafka asks for logins. */
  readonly kafkaAsksLogins: boolean;
  readonly databases: OfServices<string>;
  /** Of people's tokens. */
  readonly issuer: string;
  /** The files with the keys of the services' audit logs. */
  readonly auditKeys: OfServices<string>;
  readonly logLevel: string;
  /** Null where everything speaks plainly. */
  readonly tls: LocalTls | null;
  /** Where the chains of a service that speaks to them are named. */
  chainsFor(name: ServiceName): string;
  /** The file with the wallet's sealed keys. */
  readonly walletKeys: string;
  /** Where the keys of a service lie. */
  messageKeysOf(name: ServiceName): string;
}

export type Environment = Readonly<Record<string, string>>;

/** As wide as the simulators' limits are when they are fast. */
const WIDE = { limit: 10_000, perMs: 1_000 };

/**
 * Only for simulators that list at once, by `npm start -- --fast` and tests: production refuses such a short look-up after a refusal. The
 * time until silence counts as absence is just over the minute for which venues honour a signature.
 */
export const QUICK_PROOFS: Environment = {
  REFUSAL_LOOKUP_AFTER_MS: '500',
  ABSENCE_AFTER_MS: '65000',
};

const HOST = '127.0.0.1';

/** Not `production`: there the crash points of fault tests are inert. */
const COMMON: Environment = { HOST, NODE_ENV: 'development' };

/** It sends webhooks to a connector, and has to believe who answers. */
export function simulatorEnvironment(logLevel: string, tls: LocalTls | null): Environment {
  return { ...COMMON, LOG_LEVEL: logLevel, ...(tls && { NODE_EXTRA_CA_CERTS: tls.caFile }) };
}

/** What every service is given, and what the table says of this one. */
export function serviceEnvironment(context: SystemContext, name: ServiceName): Environment {
  const { ports, secrets } = context;
  const { isPublic, readsChains, keepsWalletKeys } = specOf(name);
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
    ...(isPublic && { INTERNAL_PORT: `${adminPortOf(ports, name)}` }),
    ...(keepsWalletKeys && {
      SIGNER_KEY_STORE: 'file',
      SIGNER_KEYS_FILE: context.walletKeys,
      SIGNER_KEYS_KEK: secrets.walletKek,
    }),
    ...(readsChains && { EVM_CHAINS_FILE: context.chainsFor(name) }),
    ...neededBy(context, name),
    ...settingsOf(name),
  };
}

/** What is isolated knows no Kafka. */
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

/** What it signs its own calls with, and what it knows those by that call it. */
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

/** Throws for a service or a secret that the table names and the stack does not have. */
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
  if (name === undefined) throw new Error(`${wanted} is not known here: ${names.join(', ')}`);
  return name;
}

/** Of the connector of a venue that is simulated. Throws when the simulator does not hand out what it needs. */
export function connectorEnvironment(
  context: SystemContext,
  name: SimulatedName,
  credentials: VenueCredentials,
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
    ...(pace === 'fast' && { RATE_PLAN: JSON.stringify(plan), POLL_INTERVAL_MS: '200' }),
  };
}

/** Of a service of ours. */
export function serviceUrlOf(port: number, tls: LocalTls | null): string {
  return tls === null ? urlOf(port) : `https://${HOST}:${port}`;
}

/** Of what speaks plainly in any case: the simulators. */
export function urlOf(port: number): string {
  return `http://${HOST}:${port}`;
}
