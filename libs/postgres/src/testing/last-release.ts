import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';

/**
 * Record of the last release, because the last release may run beside the next. Written by
 * tools/build/note-release.mjs.
 */
export interface LastRelease {
  readonly release: string;
  /** Checksum of each migration's source, by class name. */
  readonly migrations: Readonly<Record<string, string>>;
  /** Rights of each schema's login, as separate entries. */
  readonly rights: Readonly<Record<string, readonly string[]>>;
}

export function lastRelease(): LastRelease {
  return JSON.parse(
    readFileSync(join(workspaceRoot(), 'deploy', 'last-release.json'), 'utf8'),
  ) as LastRelease;
}
