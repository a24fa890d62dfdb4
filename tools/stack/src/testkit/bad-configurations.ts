import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { KAFKA_SERVICES, isSecretVariable } from '../tables/credentials.js';
import { SERVICE_NAMES, specOf, type ServiceName } from '../tables/services.js';
import type { Environment } from '../system/service-environment.js';
import { connectorOf, SIMULATED_NAMES, simulatedOf } from '../tables/venues.js';

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

/** `change` is `NAME=value`, several with ` ; ` between them. */
export type Bad = readonly [
  what: string,
  of: readonly ServiceName[],
  change: string,
  fault: string,
];

interface VenueSettings {
  /** Variable of the venue's address. */
  readonly url: string;
  /** Address of the venue in production. */
  readonly real: string;
  /** Variable of a secret. */
  readonly secret: string;
}

/** A case for each simulated venue. */
function ofEachVenue(
  what: string,
  caseOf: (settings: VenueSettings) => readonly [change: string, fault: string],
): readonly Bad[] {
  return SIMULATED_NAMES.map((venue) => {
    const { credentials, productionUrl, title } = simulatedOf(venue);
    const variables = Object.keys(credentials);
    const url = variables.find((name) => credentials[name] === 'base_url') ?? '';
    const secret = variables.find(isSecretVariable) ?? '';
    return [
      `${what} ${title}`,
      [connectorOf(venue)],
      ...caseOf({ url, real: productionUrl, secret }),
    ];
  });
}

/** Settings rejected in every environment. */
export const BAD_ANYWHERE: readonly Bad[] = [
  ['an unknown mode', EVERY, 'NODE_ENV=prod', 'NODE_ENV must be'],
  ['an open address without a mode', EVERY, 'NODE_ENV= ; HOST=0.0.0.0', 'NODE_ENV is missing'],
  ['a broker without its port', AT_KAFKA, 'KAFKA_BROKERS=kafka', 'KAFKA_BROKERS must be host:port'],
  ['a broker that is a URL', AT_KAFKA, 'KAFKA_BROKERS=http://k:9092', 'KAFKA_BROKERS must be'],
  ['no broker', AT_KAFKA, 'KAFKA_BROKERS=,', 'KAFKA_BROKERS must be host:port'],
  [
    'a database other than PostgreSQL',
    EVERY,
    'DATABASE_URL=mysql://a:hush@b/c',
    'must be postgres:',
  ],
  ['a database without a name', EVERY, 'DATABASE_URL=postgres://a:hush@b', 'must be postgres://'],
  [
    'TLS that checks nothing',
    EVERY,
    'NODE_TLS_REJECT_UNAUTHORIZED=0',
    'switches the verification of certificates off',
  ],
  [
    'a variable without its unit',
    CONNECTORS,
    'SUBMIT_TIMEOUT=1',
    'did you mean SUBMIT_TIMEOUT_MS?',
  ],
  ['a misspelt variable', EVERY, 'RETENTON_DAYS=90', 'did you mean RETENTION_DAYS?'],
  ['an invalid port', EVERY, 'PORT=70000', 'PORT must be a port'],
  [
    'the name of a platform as address',
    EVERY,
    'HOST=x86_64-conda-linux-gnu',
    'HOST must be an IP address of this machine, or 0.0.0.0 or :: for all of them, and is "x86_64-conda-linux-gnu"',
  ],
  [
    'the address of another machine',
    EVERY,
    'HOST=203.0.113.7',
    'HOST must be an IP address of this machine, or 0.0.0.0 or :: for all of them, and 203.0.113.7 is none',
  ],
  ['an internal address that is a name', INTAKE, 'INTERNAL_HOST=inner', 'and is "inner"'],
  [
    'a URL without a scheme',
    INTAKE,
    'LEDGER_URL=ledger:8080',
    'LEDGER_URL must be a URL that begins',
  ],
  [
    'a time longer than a timer',
    EVERY,
    'HTTP_KEEP_ALIVE_MS=3000000000',
    'HTTP_KEEP_ALIVE_MS must be at most 2147483647',
  ],
  [
    'an invalid port of webhooks',
    ['connector-upvest'],
    'UPVEST_WEBHOOK_PORT=70000',
    'UPVEST_WEBHOOK_PORT must be a port',
  ],
  ['an invalid log level', EVERY, 'LOG_LEVEL=loud', 'LOG_LEVEL must be'],
  ['records kept too short', EVERY, 'RETENTION_DAYS=7', 'RETENTION_DAYS must be at least 30'],
  [
    'a session of zero length',
    AT_KAFKA,
    'KAFKA_SESSION_MS=0',
    'KAFKA_SESSION_MS must be above zero',
  ],
  ['a login without a password', AT_KAFKA, 'KAFKA_PASSWORD=', 'KAFKA_PASSWORD belong together'],
  [
    'a missing file of the authority',
    AT_KAFKA,
    'KAFKA_TLS_CA_FILE=/none',
    'KAFKA_TLS_CA_FILE names a file',
  ],
  ['a certificate without its key', EVERY, 'TLS_KEY_FILE=', 'TLS_KEY_FILE belong together'],
  ['an invalid certificate', EVERY, 'TLS_CERT_FILE=/etc/hosts', 'must name a PEM file'],
  ['an issuer without a URL', EVERY, 'OIDC_ISSUER=login', 'OIDC_ISSUER must be a URL'],
  ['no issuer', EVERY, 'OIDC_ISSUER=', 'OIDC_ISSUER is missing'],
  [
    'a missing file of the audit key',
    EVERY,
    'AUDIT_KEY_FILE=/none',
    'AUDIT_KEY cannot come from AUDIT_KEY_FILE',
  ],
  ['no keys of messages', EVERY, 'MESSAGE_KEYS=', 'MESSAGE_KEYS is missing'],
  ['keys of messages that are no JSON', EVERY, 'MESSAGE_KEYS=hush', 'MESSAGE_KEYS must be JSON'],
  [
    'a key of messages that is short',
    EVERY,
    'MESSAGE_KEYS={"ledger":[{"id":"1","key":"aHVzaA=="}]}',
    'MESSAGE_KEYS ledger: ',
  ],
  ['no key of the chains', LEDGER, 'CHAIN_KEY=', 'CHAIN_KEY is missing'],
  ['a short key of the chains', LEDGER, 'CHAIN_KEY=aHVzaA==', 'CHAIN_KEY must be 32 bytes'],
  ['no key for the heads', LEDGER, 'CHAIN_SIGNING_KEY=', 'CHAIN_SIGNING_KEY is missing'],
  [
    'an invalid key for the heads',
    LEDGER,
    'CHAIN_SIGNING_KEY=hush',
    'CHAIN_SIGNING_KEY must be 32 bytes',
  ],
  ['no key for the events', INTAKE, 'EVENTS_SIGNING_KEY=', 'EVENTS_SIGNING_KEY is missing'],
  [
    'a short key for the events',
    INTAKE,
    'EVENTS_SIGNING_KEY=aHVzaA==',
    'EVENTS_SIGNING_KEY must be 32 bytes',
  ],
  ['no key for the permits', ['auditor'], 'AUDITOR_SIGNING_KEY=', 'AUDITOR_SIGNING_KEY is missing'],
  [
    'a short key for the permits',
    ['auditor'],
    'AUDITOR_SIGNING_KEY=aHVzaA==',
    'AUDITOR_SIGNING_KEY must be 32 bytes',
  ],
  [
    'no public key of the auditor',
    PAYING,
    'AUDITOR_PUBLIC_KEYS=',
    'AUDITOR_PUBLIC_KEYS is missing: with AUDITOR_PERMITS=required',
  ],
  [
    'an invalid public key of the auditor',
    PAYING,
    'AUDITOR_PUBLIC_KEYS=hush',
    'AUDITOR_PUBLIC_KEYS a public key of the auditor must be 32 bytes',
  ],
  [
    'another use of permits',
    PAYING,
    'AUDITOR_PERMITS=none',
    'AUDITOR_PERMITS must be required or advisory',
  ],
  [
    'no public key of the events',
    ['webhooks'],
    'EVENTS_PUBLIC_KEYS=',
    'EVENTS_PUBLIC_KEYS is missing',
  ],
  [
    'an invalid public key of the events',
    ['webhooks'],
    'EVENTS_PUBLIC_KEYS=hush',
    'EVENTS_PUBLIC_KEYS a public key of events must be 32 bytes',
  ],
  ['callers that are no JSON', CALLED, 'SERVICE_CALLERS=hush', 'SERVICE_CALLERS must be JSON'],
  ['an invalid key for calls', INTAKE, 'SERVICE_KEY={}', 'SERVICE_KEY must be a private'],
  ['the whole world as proxy', INTAKE, 'TRUSTED_PROXIES=0.0.0.0/0', 'TRUSTED_PROXIES must be'],
  ['no new address', INTAKE, 'NEW_ADDRESSES_PER_HOUR=0', 'NEW_ADDRESSES_PER_HOUR must be above'],
  [
    'a ceiling of an unknown currency',
    CONNECTORS,
    'CEILINGS={"X":{}}',
    'CEILINGS X: must be one of',
  ],
  ['one port for all', INTAKE, 'PORT=80 ; INTERNAL_PORT=80', 'INTERNAL_PORT must differ from PORT'],
  ['a key of the wrong length', SEALING, 'SECRETS_KEK=aHVzaA==', 'SECRETS_KEK must be 32 bytes'],
  [
    'a negative time-out',
    CONNECTORS,
    'SUBMIT_TIMEOUT_MS=-1',
    'SUBMIT_TIMEOUT_MS must be a whole number',
  ],
  [
    'calls without a time-out',
    CONNECTORS,
    'SUBMIT_TIMEOUT_MS=0',
    'SUBMIT_TIMEOUT_MS must be above',
  ],
  ['a rate plan that is no JSON', CONNECTORS, 'RATE_PLAN=one a second', 'RATE_PLAN must be JSON'],
  [
    'a rate of none',
    CONNECTORS,
    'RATE_PLAN={"GET /":{"limit":0,"perMs":1}}',
    'RATE_PLAN GET /: must',
  ],
  [
    'a rate of nothing',
    CONNECTORS,
    'RATE_PLAN={"GET /":{"limit":1,"perMs":1}}',
    'RATE_PLAN names GET',
  ],
  ...ofEachVenue('no TLS at', ({ url, real }) => [
    `${url}=${real.replace('https:', 'http:')}`,
    `${url} must begin with https://`,
  ]),
  ...ofEachVenue('a login in the address of', ({ url, real }) => [
    `${url}=${new URL(real).origin}@thief.example`,
    `${url} must be http(s)://HOST/PATH`,
  ]),
  [
    'webhooks where the admin API is',
    ['connector-upvest'],
    'PORT=80 ; UPVEST_WEBHOOK_PORT=80',
    'UPVEST_WEBHOOK_PORT must differ from PORT',
  ],
  ['an invalid private key', ['connector-upvest'], 'UPVEST_PRIVATE_KEY=hush', 'must be an EC'],
];

/** Settings accepted in development and rejected in production. */
export const BAD_IN_PRODUCTION: readonly Bad[] = [
  ['a token of one letter', EVERY, 'METRICS_TOKEN=x', 'METRICS_TOKEN must be 32 characters'],
  ['a guessable token', EVERY, `METRICS_TOKEN=${'ab'.repeat(32)}`, 'METRICS_TOKEN must be 32'],
  ['a Kafka without TLS', AT_KAFKA, 'KAFKA_TLS_CA_FILE=', 'KAFKA_TLS_CA_FILE is missing'],
  [
    'plain HTTP among other machines',
    EVERY,
    'HOST=0.0.0.0 ; INTERNAL_HOST=0.0.0.0 ; TLS_CERT_FILE= ; TLS_KEY_FILE=',
    'TLS_CERT_FILE is missing',
  ],
  [
    'a ledger without TLS',
    INTAKE,
    'LEDGER_URL=http://ledger.example:8080',
    'LEDGER_URL must begin with https://',
  ],
  [
    'webhooks without TLS',
    INTAKE,
    'WEBHOOKS_URL=http://webhooks.example:8080',
    'WEBHOOKS_URL must begin with https://',
  ],
  [
    'a wallet without TLS',
    INTAKE,
    'CONNECTOR_EVM_URL=http://connector-evm.example:8080',
    'CONNECTOR_EVM_URL must begin with https://',
  ],
  [
    'times of tests',
    EVERY,
    'SLUICE_TEST_VALUES={"pollIntervalMs":1}',
    'SLUICE_TEST_VALUES is for tests',
  ],
  ['no login at Kafka', AT_KAFKA, 'KAFKA_USERNAME= ; KAFKA_PASSWORD=', 'KAFKA_USERNAME is missing'],
  ['an audit log without a key', EVERY, 'AUDIT_KEY_FILE=', 'AUDIT_KEY_FILE is missing'],
  [
    'an issuer without TLS',
    EVERY,
    'OIDC_ISSUER=http://login.example',
    'OIDC_ISSUER must begin with https://',
  ],
  [
    "an issuer's keys without TLS",
    EVERY,
    'OIDC_JWKS_URL=http://login.example/keys',
    'OIDC_JWKS_URL must begin with https://',
  ],
  [
    'a database without TLS',
    EVERY,
    `DATABASE_URL=${DATABASE}`,
    'DATABASE_URL needs in production TLS',
  ],
  ['any certificate', EVERY, `DATABASE_URL=${DATABASE}?sslmode=require`, 'needs in production TLS'],
  [
    'a mode that wins',
    EVERY,
    `DATABASE_URL=${ENCRYPTED}&sslmode=disable`,
    'needs in production TLS',
  ],
  ['a host that wins', EVERY, `DATABASE_URL=${HERE}?host=db.example`, 'needs in production TLS'],
  [
    'a password that is the login',
    EVERY,
    `DATABASE_URL=${ENCRYPTED.replace(PASSWORD, 'someone')}`,
    'DATABASE_URL needs in production a password',
  ],
  ['open metrics', EVERY, 'METRICS_TOKEN=', 'METRICS_TOKEN is missing'],
  [
    'webhooks at the admin port',
    ['connector-upvest'],
    `UPVEST_WEBHOOK_PUBLIC_KEY=${WEBHOOK_KEY}`,
    'UPVEST_WEBHOOK_PORT is missing',
  ],
  ['a free port', EVERY, 'PORT=0', 'PORT must be a fixed port'],
  [
    'a key of zeros',
    SEALING,
    `SECRETS_KEK=${Buffer.alloc(32).toString('base64')}`,
    'must be random',
  ],
  ['an open admin API', INTAKE, 'HOST=0.0.0.0 ; INTERNAL_HOST=', 'INTERNAL_HOST is missing'],
  ...ofEachVenue('a simulator for', ({ url }) => [
    `${url}=http://127.0.0.1:4010`,
    `${url} must begin with https://`,
  ]),
  ...ofEachVenue('a host other than that of', ({ url, real }) => [
    `${url}=${real.replace(/(https:..[^/]+)/, '$1.thief.example')}`,
    `${url} must be at a host of the venue's own`,
  ]),
  ...ofEachVenue('another port of', ({ url, real }) => [
    `${url}=${real.replace(/(https:..[^/]+)/, '$1:8443')}`,
    `${url} must be at a host of the venue's own`,
  ]),
  [
    'a request believed dead',
    CONNECTORS,
    'HONOURED_FOR_MS=1000',
    'HONOURED_FOR_MS must be at least',
  ],
  ['early absence', CONNECTORS, 'ABSENCE_AFTER_MS=60000', 'ABSENCE_AFTER_MS must be at least'],
];

/** A good secret, in the wrong place. */
export const BAD_IN_THE_ENVIRONMENT: readonly Bad[] = [
  inTheEnvironment('a password', EVERY, 'DATABASE_URL', ENCRYPTED),
  inTheEnvironment('a token', EVERY, 'METRICS_TOKEN'),
  inTheEnvironment("Kafka's password", AT_KAFKA, 'KAFKA_PASSWORD'),
  inTheEnvironment('keys of messages', EVERY, 'MESSAGE_KEYS'),
  inTheEnvironment('the key of the chains', LEDGER, 'CHAIN_KEY'),
  inTheEnvironment('the key that signs their heads', LEDGER, 'CHAIN_SIGNING_KEY'),
  inTheEnvironment('the key that signs events', INTAKE, 'EVENTS_SIGNING_KEY'),
  inTheEnvironment('the key that signs permits', ['auditor'], 'AUDITOR_SIGNING_KEY'),
  inTheEnvironment('the key that signs calls', INTAKE, 'SERVICE_KEY'),
  inTheEnvironment('the key of keys', SEALING, 'SECRETS_KEK'),
  ...ofEachVenue('in the environment, the secret of', ({ secret }) => [
    `${secret}=${PASSWORD}`,
    `${secret} must be in a file`,
  ]),
];

function inTheEnvironment(
  what: string,
  services: readonly ServiceName[],
  variable: string,
  value = PASSWORD,
): Bad {
  return [
    `${what} in the environment`,
    services,
    `${variable}=${value}`,
    `${variable} must be in a file`,
  ];
}

/** Returns the environment change of a case. */
export function changeOf([, , change]: Bad): Environment {
  return Object.fromEntries(
    change.split(' ; ').map((one) => {
      const at = one.indexOf('=');
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}
