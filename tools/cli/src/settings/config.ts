import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import {
  choice,
  flag,
  json,
  list,
  pemFile,
  positive,
  readConfig,
  Secret,
  secretFile,
  text,
  url,
  type Environment,
} from '@sluice/runtime';
import { isObject } from '@sluice/kernel';

/** Signing key for calls of the public API. */
export interface ApiKey {
  readonly keyId: string;
  readonly secret: string;
}

/** The file that `npm start` writes at the root of the workspace; `src` and `dist` are equally deep. */
const RUN_FILE = fileURLToPath(new URL('../../../../.sluice/run.json', import.meta.url));

const SETTINGS = {
  /** Images set their tag. */
  version: text('SLUICE_VERSION', manifest.version),
  runFile: text('SLUICE_RUN', ''),
  keyId: text('SLUICE_KEY_ID', ''),
  secret: text('SLUICE_SECRET', ''),
  /** The default is the origin that the ledger admits by default. */
  passkeyPort: positive('SLUICE_PASSKEY_PORT', 7420),
  token: text('SLUICE_TOKEN', ''),
  /** Read again for each call, because the token may be renewed. */
  tokenFile: text('SLUICE_TOKEN_FILE', ''),
  tokenUrl: url('SLUICE_TOKEN_URL', ''),
  /** CA of an issuer with a private CA; believed at no other server. */
  oidcCaFile: pemFile('OIDC_CA_FILE'),
  clientId: text('SLUICE_CLIENT_ID', ''),
  clientSecret: secretFile('SLUICE_CLIENT_SECRET', {}, new Secret('')),
};

const KAFKA_SETTINGS = {
  brokers: list('SLUICE_KAFKA_BROKERS', []),
  username: text('SLUICE_KAFKA_USERNAME', ''),
  password: secretFile('SLUICE_KAFKA_PASSWORD', { form: 'phrase' }, new Secret('')),
  mechanism: choice(
    'SLUICE_KAFKA_SASL_MECHANISM',
    ['scram-sha-512', 'scram-sha-256', 'plain'],
    'scram-sha-512',
  ),
  tls: flag('SLUICE_KAFKA_TLS', false),
  caFile: text('SLUICE_KAFKA_TLS_CA_FILE', ''),
  certFile: text('SLUICE_KAFKA_TLS_CERT_FILE', ''),
  keyFile: text('SLUICE_KAFKA_TLS_KEY_FILE', ''),
  /** Client configuration of Kafka's own tools, instead of login and TLS. */
  propertiesFile: text('SLUICE_KAFKA_PROPERTIES_FILE', ''),
  prefix: text('SLUICE_KAFKA_PREFIX', ''),
  principals: json('SLUICE_KAFKA_PRINCIPALS', readPrincipals, {}),
};

const kafkaSettings = (env: Environment) => {
  const { prefix, principals, ...settings } = readConfig(env, KAFKA_SETTINGS);
  return {
    ...settings,
    naming: { prefix, principals },
    /** Password of a login to create; empty if the environment has none. */
    passwordOf: (login: string): string =>
      env[`${login.toUpperCase().replaceAll('-', '_')}_KAFKA_PASSWORD`] ?? '',
  };
};

function readPrincipals(value: unknown): Readonly<Record<string, string>> {
  const entries = isObject(value) ? Object.entries(value) : [['', '']];
  if (!entries.every(([, name]) => typeof name === 'string' && /^\w+:./.test(name)))
    throw new Error('must be an object of principals by service, e.g. {"ledger":"User:CN=ledger"}');
  return Object.fromEntries(entries) as Record<string, string>;
}

const settings = (env: Environment) => readConfig(env, SETTINGS);

/** Kafka login from the environment; no brokers if unset. */
export type KafkaSettings = ReturnType<typeof kafkaSettings>;
/** Login of a person, from the environment. */
export type Login = Omit<
  ReturnType<typeof settings>,
  'version' | 'runFile' | 'keyId' | 'secret' | 'passkeyPort'
>;

export type CliConfig = ReturnType<typeof cliConfig>;

export function cliConfig(
  env: Environment = process.env,
  isTerminal = process.stdout.isTTY === true,
) {
  const { version, runFile, keyId, secret, passkeyPort, ...login } = settings(env);
  return {
    version,
    runFile: runFile || RUN_FILE,
    /** Error messages mention only a file that the environment names as missing. */
    runFileNamed: runFile !== '',
    ...(keyId && secret && { key: { keyId, secret } }),
    login,
    passkeyPort,
    kafka: kafkaSettings(env),
    colours: isTerminal && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
  };
}
