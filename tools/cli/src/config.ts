import { fileURLToPath } from 'node:url';

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

export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  isTerminal = process.stdout.isTTY === true,
): CliConfig {
  const { SLUICE_RUN: runFile, SLUICE_KEY_ID: keyId, SLUICE_SECRET: secret } = env;
  return {
    runFile: runFile || RUN_FILE,
    runFileNamed: Boolean(runFile),
    ...(keyId && secret && { key: { keyId, secret } }),
    colours: isTerminal && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
  };
}
