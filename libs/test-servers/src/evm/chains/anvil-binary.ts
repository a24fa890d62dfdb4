import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from '../../machine/setup-error.js';

const PACKAGE = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;

/**
 * Returns the path of anvil: `ANVIL_PATH`, or the program of the npm package for Linux on x64 or
 * arm64.
 * Throws a SetupError if no program is found.
 */
export function anvilBinary(env: NodeJS.ProcessEnv = process.env): string {
  const { ANVIL_PATH } = env;
  if (ANVIL_PATH) {
    if (existsSync(ANVIL_PATH)) return ANVIL_PATH;
    throw new SetupError(`ANVIL_PATH names no file: ${ANVIL_PATH}`);
  }
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    return join(dirname(manifest), 'bin', 'anvil');
  } catch (cause) {
    throw new SetupError(
      `anvil for ${process.platform}-${process.arch} is not installed: run \`npm ci\` (optional packages included), or name the program of foundry 1.7.1 with ANVIL_PATH`,
      { cause },
    );
  }
}
