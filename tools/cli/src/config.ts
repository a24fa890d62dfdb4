import { fileURLToPath } from 'node:url';
import { readConfig, text, type Environment } from '@sluice/config';

/** What signs calls of the public API. */
export interface ApiKey {
  readonly keyId: string;
  readonly secret: string;
}

export interface CliConfig {
  readonly runFile: string;
  /** True when the environment names the file: then its absence is worth naming. */
  readonly runFileNamed: boolean;
  readonly key?: ApiKey;
  readonly colours: boolean;
}

/** Beside the workspace's root, from `src` as from `dist`. */
const RUN_FILE = fileURLToPath(new URL('../../../.sluice/run.json', import.meta.url));

const SETTINGS = {
  runFile: text('SLUICE_RUN', ''),
  keyId: text('SLUICE_KEY_ID', ''),
  secret: text('SLUICE_SECRET', ''),
};

export function cliConfig(
  env: Environment = process.env,
  isTerminal = process.stdout.isTTY === true,
): CliConfig {
  const { runFile, keyId, secret } = readConfig(env, SETTINGS);
  return {
    runFile: runFile || RUN_FILE,
    runFileNamed: runFile !== '',
    ...(keyId && secret && { key: { keyId, secret } }),
    colours: isTerminal && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
  };
}
