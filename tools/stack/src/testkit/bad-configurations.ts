import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { KAFKA_SERVICES, isSecretVariable } from '../tables/credentials.js';
import { SERVICE_NAMES, specOf, type ServiceName } from '../tables/services.js';
import type { Environment } from '../system/service-environment.js';
import { connectorOf, SIMULATED_NAMES, simulatedOf, type SimulatedName } from '../tables/venues.js';

export const PASSWORD = randomBytes(18).toString('base64url');
const DATABASE = `postgres://someone:${PASSWORD}@db.example:5432/its`;
export const ENCRYPTED = `${DATABASE}?sslmode=verify-full`;

const WEBHOOK_KEY = generateKeyPairSync('ed25519')
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();
const HERE = DATABASE.replace('db.example', '127.0.0.1');
const EVERY = SERVICE_NAMES;
const AT_KAFKA = KAFKA_SERVICES;
/** Connectors of venues with an API. The wallet's connector has nodes and no rate plan. */
const CONNECTORS = SIMULATED_NAMES.map(connectorOf);
const INTAKE = ['intake-api'] as const;
const LEDGER = ['ledger'] as const;
/** Services that send or sign payments. */
const PAYING = EVERY.filter((name) => specOf(name).needsPermits);
const SEALING = ['intake-api', 'webhooks'] as const;
const CALLED = ['ledger', 'webhooks'] as const;

interface Bad {
  readonly of: readonly ServiceName[];
  readonly change: Environment;
  /** Part of the message of the refusal. */
  readonly fault: string;
}

/** Cases of the services: each change is `NAME=value`, several with ` ; ` between them, with its fault. */
function bad(of: readonly ServiceName[], faults: Readonly<Record<string, string>>): readonly Bad[] {
  return Object.entries(faults).map(([change, fault]) => ({ of, change: changeOf(change), fault }));
}

function changeOf(text: string): Environment {
  return Object.fromEntries(
    text.split(' ; ').map((one) => {
      const at = one.indexOf('=');
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}

interface VenueSettings {
  /** Variable of the venue's address. */
  readonly url: string;
  /** Address of the venue in production. */
  readonly real: string;
  /** Variable of a secret. */
  readonly secret: string;
}

function settingsOf(venue: SimulatedName): VenueSettings {
  const { credentials, productionUrl } = simulatedOf(venue);
  const variables = Object.keys(credentials);
  return {
    url: variables.find((name) => credentials[name] === 'base_url') ?? '',
    real: productionUrl,
    secret: variables.find(isSecretVariable) ?? '',
  };
}

/** A case for each simulated venue. */
function ofEachVenue(
  caseOf: (settings: VenueSettings) => readonly [change: string, fault: string],
): readonly Bad[] {
  return SIMULATED_NAMES.flatMap((venue) => {
    const [change, fault] = caseOf(settingsOf(venue));
    return bad([connectorOf(venue)], { [change]: fault });
  });
}

/** Settings rejected in every environment. */
export const BAD_ANYWHERE: readonly Bad[] = [
  ...bad(EVERY, {
    'NODE_ENV=prod': 'NODE_ENV must be',
    'NODE_ENV= ; HOST=0.0.0.0': 'NODE_ENV is missing',
    'DATABASE_URL=mysql://a:hush@b/c': 'must be postgres:',
    'DATABASE_URL=postgres://a:hush@b': 'must be postgres://',
    'NODE_TLS_REJECT_UNAUTHORIZED=0': 'switches the verification of certificates off',
    'RETENTON_DAYS=90': 'did you mean RETENTION_DAYS?',
    'PORT=70000': 'PORT must be a port',
    'HOST=x86_64-conda-linux-gnu':
      'HOST must be an IP address of this machine, or 0.0.0.0 or :: for all of them, and is "x86_64-conda-linux-gnu"',
    'HOST=203.0.113.7':
      'HOST must be an IP address of this machine, or 0.0.0.0 or :: for all of them, and 203.0.113.7 is none',
    'HTTP_KEEP_ALIVE_MS=3000000000': 'HTTP_KEEP_ALIVE_MS must be at most 2147483647',
    'LOG_LEVEL=loud': 'LOG_LEVEL must be',
    'RETENTION_DAYS=7': 'RETENTION_DAYS must be at least 30',
    'TLS_KEY_FILE=': 'TLS_KEY_FILE belong together',
    'TLS_CERT_FILE=/etc/hosts': 'must name a PEM file',
    'OIDC_ISSUER=login': 'OIDC_ISSUER must be a URL',
    'OIDC_ISSUER=': 'OIDC_ISSUER is missing',
    'AUDIT_KEY_FILE=/none': 'AUDIT_KEY cannot come from AUDIT_KEY_FILE',
    'MESSAGE_KEYS=': 'MESSAGE_KEYS is missing',
    'MESSAGE_KEYS=hush': 'MESSAGE_KEYS must be JSON',
    'MESSAGE_KEYS={"ledger":[{"id":"1","key":"aHVzaA=="}]}': 'MESSAGE_KEYS ledger: ',
  }),
  ...bad(AT_KAFKA, {
    'KAFKA_BROKERS=kafka': 'KAFKA_BROKERS must be host:port',
    'KAFKA_BROKERS=http://k:9092': 'KAFKA_BROKERS must be',
    'KAFKA_BROKERS=,': 'KAFKA_BROKERS must be host:port',
    'KAFKA_SESSION_MS=0': 'KAFKA_SESSION_MS must be above zero',
    'KAFKA_PASSWORD=': 'KAFKA_PASSWORD belong together',
    'KAFKA_TLS_CA_FILE=/none': 'KAFKA_TLS_CA_FILE names a file',
  }),
  ...bad(CONNECTORS, {
    'SUBMIT_TIMEOUT=1': 'did you mean SUBMIT_TIMEOUT_MS?',
    'CEILINGS={"X":{}}': 'CEILINGS X: must be one of',
    'SUBMIT_TIMEOUT_MS=-1': 'SUBMIT_TIMEOUT_MS must be a whole number',
    'SUBMIT_TIMEOUT_MS=0': 'SUBMIT_TIMEOUT_MS must be above',
    'RATE_PLAN=one a second': 'RATE_PLAN must be JSON',
    'RATE_PLAN={"GET /":{"limit":0,"perMs":1}}': 'RATE_PLAN GET /: must',
    'RATE_PLAN={"GET /":{"limit":1,"perMs":1}}': 'RATE_PLAN names GET',
  }),
  ...bad(INTAKE, {
    'INTERNAL_HOST=inner': 'and is "inner"',
    'LEDGER_URL=ledger:8080': 'LEDGER_URL must be a URL that begins',
    'EVENTS_SIGNING_KEY=': 'EVENTS_SIGNING_KEY is missing',
    'EVENTS_SIGNING_KEY=aHVzaA==': 'EVENTS_SIGNING_KEY must be 32 bytes',
    'SERVICE_KEY={}': 'SERVICE_KEY must be a private',
    'TRUSTED_PROXIES=0.0.0.0/0': 'TRUSTED_PROXIES must be',
    'NEW_ADDRESSES_PER_HOUR=0': 'NEW_ADDRESSES_PER_HOUR must be above',
    'PORT=80 ; INTERNAL_PORT=80': 'INTERNAL_PORT must differ from PORT',
  }),
  ...bad(['connector-upvest'], {
    'UPVEST_WEBHOOK_PORT=70000': 'UPVEST_WEBHOOK_PORT must be a port',
    'PORT=80 ; UPVEST_WEBHOOK_PORT=80': 'UPVEST_WEBHOOK_PORT must differ from PORT',
    'UPVEST_PRIVATE_KEY=hush': 'must be an EC',
  }),
  ...bad(LEDGER, {
    'CHAIN_KEY=': 'CHAIN_KEY is missing',
    'CHAIN_KEY=aHVzaA==': 'CHAIN_KEY must be 32 bytes',
    'CHAIN_SIGNING_KEY=': 'CHAIN_SIGNING_KEY is missing',
    'CHAIN_SIGNING_KEY=hush': 'CHAIN_SIGNING_KEY must be 32 bytes',
  }),
  ...bad(['auditor'], {
    'AUDITOR_SIGNING_KEY=': 'AUDITOR_SIGNING_KEY is missing',
    'AUDITOR_SIGNING_KEY=aHVzaA==': 'AUDITOR_SIGNING_KEY must be 32 bytes',
  }),
  ...bad(PAYING, {
    'AUDITOR_PUBLIC_KEYS=': 'AUDITOR_PUBLIC_KEYS is missing: with AUDITOR_PERMITS=required',
    'AUDITOR_PUBLIC_KEYS=hush': 'AUDITOR_PUBLIC_KEYS a public key of the auditor must be 32 bytes',
    'AUDITOR_PERMITS=none': 'AUDITOR_PERMITS must be required or advisory',
  }),
  ...bad(['webhooks'], {
    'EVENTS_PUBLIC_KEYS=': 'EVENTS_PUBLIC_KEYS is missing',
    'EVENTS_PUBLIC_KEYS=hush': 'EVENTS_PUBLIC_KEYS a public key of events must be 32 bytes',
  }),
  ...bad(CALLED, {
    'SERVICE_CALLERS=hush': 'SERVICE_CALLERS must be JSON',
  }),
  ...bad(SEALING, {
    'SECRETS_KEK=aHVzaA==': 'SECRETS_KEK must be 32 bytes',
  }),

  ...ofEachVenue(({ url, real }) => [
    `${url}=${real.replace('https:', 'http:')}`,
    `${url} must begin with https://`,
  ]),
  ...ofEachVenue(({ url, real }) => [
    `${url}=${new URL(real).origin}@thief.example`,
    `${url} must be http(s)://HOST/PATH`,
  ]),
];

/** Settings accepted in development and rejected in production. */
export const BAD_IN_PRODUCTION: readonly Bad[] = [
  ...bad(EVERY, {
    'METRICS_TOKEN=x': 'METRICS_TOKEN must be 32 characters',
    [`METRICS_TOKEN=${'ab'.repeat(32)}`]: 'METRICS_TOKEN must be 32',
    'HOST=0.0.0.0 ; INTERNAL_HOST=0.0.0.0 ; TLS_CERT_FILE= ; TLS_KEY_FILE=':
      'TLS_CERT_FILE is missing',
    'SLUICE_TEST_VALUES={"pollIntervalMs":1}': 'SLUICE_TEST_VALUES is for tests',
    'AUDIT_KEY_FILE=': 'AUDIT_KEY_FILE is missing',
    'OIDC_ISSUER=http://login.example': 'OIDC_ISSUER must begin with https://',
    'OIDC_JWKS_URL=http://login.example/keys': 'OIDC_JWKS_URL must begin with https://',
    [`DATABASE_URL=${DATABASE}`]: 'DATABASE_URL needs in production TLS',
    [`DATABASE_URL=${DATABASE}?sslmode=require`]: 'needs in production TLS',
    [`DATABASE_URL=${ENCRYPTED}&sslmode=disable`]: 'needs in production TLS',
    [`DATABASE_URL=${HERE}?host=db.example`]: 'needs in production TLS',
    [`DATABASE_URL=${ENCRYPTED.replace(PASSWORD, 'someone')}`]:
      'DATABASE_URL needs in production a password',
    'METRICS_TOKEN=': 'METRICS_TOKEN is missing',
    'PORT=0': 'PORT must be a fixed port',
  }),
  ...bad(AT_KAFKA, {
    'KAFKA_TLS_CA_FILE=': 'KAFKA_TLS_CA_FILE is missing',
    'KAFKA_USERNAME= ; KAFKA_PASSWORD=': 'KAFKA_USERNAME is missing',
  }),
  ...bad(INTAKE, {
    'LEDGER_URL=http://ledger.example:8080': 'LEDGER_URL must begin with https://',
    'WEBHOOKS_URL=http://webhooks.example:8080': 'WEBHOOKS_URL must begin with https://',
    'CONNECTOR_EVM_URL=http://connector-evm.example:8080':
      'CONNECTOR_EVM_URL must begin with https://',
    'HOST=0.0.0.0 ; INTERNAL_HOST=': 'INTERNAL_HOST is missing',
  }),
  ...bad(['console'], {
    'CONSOLE_URL=http://localhost:8103': 'CONSOLE_URL must begin with https://',
    'SERVICES={"ledger":"http://ledger.example:8080"}': 'SERVICES: ledger must begin with https://',
    'HOST=0.0.0.0 ; INTERNAL_HOST=': 'INTERNAL_HOST is missing',
    [`SESSIONS_KEK=${Buffer.alloc(32).toString('base64')}`]: 'must be random',
  }),
  ...bad(['connector-upvest'], {
    [`UPVEST_WEBHOOK_PUBLIC_KEY=${WEBHOOK_KEY}`]: 'UPVEST_WEBHOOK_PORT is missing',
  }),
  ...bad(SEALING, {
    [`SECRETS_KEK=${Buffer.alloc(32).toString('base64')}`]: 'must be random',
  }),
  ...bad(CONNECTORS, {
    'HONOURED_FOR_MS=1000': 'HONOURED_FOR_MS must be at least',
    'ABSENCE_AFTER_MS=60000': 'ABSENCE_AFTER_MS must be at least',
  }),

  ...ofEachVenue(({ url }) => [`${url}=http://127.0.0.1:4010`, `${url} must begin with https://`]),
  ...ofEachVenue(({ url, real }) => [
    `${url}=${real.replace(/(https:..[^/]+)/, '$1.thief.example')}`,
    `${url} must be at a host of the venue's own`,
  ]),
  ...ofEachVenue(({ url, real }) => [
    `${url}=${real.replace(/(https:..[^/]+)/, '$1:8443')}`,
    `${url} must be at a host of the venue's own`,
  ]),
];

/** A good secret, in the wrong place. */
export const BAD_IN_THE_ENVIRONMENT: readonly Bad[] = [
  ...inTheEnvironment(EVERY, 'METRICS_TOKEN', 'MESSAGE_KEYS'),
  ...bad(EVERY, { [`DATABASE_URL=${ENCRYPTED}`]: 'DATABASE_URL must be in a file' }),
  ...inTheEnvironment(AT_KAFKA, 'KAFKA_PASSWORD'),
  ...inTheEnvironment(LEDGER, 'CHAIN_KEY', 'CHAIN_SIGNING_KEY'),
  ...inTheEnvironment(INTAKE, 'EVENTS_SIGNING_KEY', 'SERVICE_KEY'),
  ...inTheEnvironment(['auditor'], 'AUDITOR_SIGNING_KEY'),
  ...inTheEnvironment(SEALING, 'SECRETS_KEK'),
  ...inTheEnvironment(['console'], 'SESSIONS_KEK', 'OIDC_CLIENT_SECRET'),
  ...SIMULATED_NAMES.flatMap((venue) =>
    inTheEnvironment([connectorOf(venue)], settingsOf(venue).secret),
  ),
];

function inTheEnvironment(
  of: readonly ServiceName[],
  ...secrets: readonly string[]
): readonly Bad[] {
  return secrets.flatMap((name) =>
    bad(of, { [`${name}=${PASSWORD}`]: `${name} must be in a file` }),
  );
}
