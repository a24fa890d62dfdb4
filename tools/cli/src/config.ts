import { fileURLToPath } from 'node:url';
import {
  choice,
  list,
  readConfig,
  Secret,
  secretFile,
  text,
  url,
  type Environment,
} from '@sluice/config';

/** Signing key for calls of the public API. */
export interface ApiKey {
  readonly keyId: string;
  readonly secret: string;
}

export interface CliConfig {
  readonly runFile: string;
  /**
   * True if the environment names the file; error messages mention only a named file as missing.
   */
  readonly runFileNamed: boolean;
  readonly key?: ApiKey;
  readonly login: Login;
  readonly kafka: KafkaSettings;
  readonly colours: boolean;
}

/** Login of a person, from the environment. */
export interface Login {
  readonly token: string;
  /** File read again for each call, because the token may be renewed. */
  readonly tokenFile: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** Kafka login from the environment; no brokers if unset. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly username: string;
  readonly password: Secret;
  readonly mechanism: 'scram-sha-512' | 'plain';
  readonly caFile: string;
}

/** Beside the workspace's root, from `src` as from `dist`. */
const RUN_FILE = fileURLToPath(new URL('../../../.sluice/run.json', import.meta.url));

const SETTINGS = {
  runFile: text('SLUICE_RUN', ''),
  keyId: text('SLUICE_KEY_ID', ''),
  secret: text('SLUICE_SECRET', ''),
  token: text('SLUICE_TOKEN', ''),
  tokenFile: text('SLUICE_TOKEN_FILE', ''),
  tokenUrl: url('SLUICE_TOKEN_URL', ''),
  clientId: text('SLUICE_CLIENT_ID', ''),
  clientSecret: secretFile('SLUICE_CLIENT_SECRET', {}, new Secret('')),
};

const KAFKA_SETTINGS = {
  brokers: list('SLUICE_KAFKA_BROKERS', []),
  username: text('SLUICE_KAFKA_USERNAME', ''),
  password: secretFile('SLUICE_KAFKA_PASSWORD', {}, new Secret('')),
  mechanism: choice('SLUICE_KAFKA_MECHANISM', ['scram-sha-512', 'plain'], 'scram-sha-512'),
  caFile: text('SLUICE_KAFKA_CA_FILE', ''),
};

export function cliConfig(
  env: Environment = process.env,
  isTerminal = process.stdout.isTTY === true,
): CliConfig {
  const { runFile, keyId, secret, ...login } = readConfig(env, SETTINGS);
  return {
    runFile: runFile || RUN_FILE,
    runFileNamed: runFile !== '',
    ...(keyId && secret && { key: { keyId, secret } }),
    login,
    kafka: readConfig(env, KAFKA_SETTINGS),
    colours: isTerminal && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
  };
}
