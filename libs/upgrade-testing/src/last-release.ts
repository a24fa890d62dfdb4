import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';

/** What the last release had: what may serve beside the next one. Written by tools/build/note-release.mjs. */
export interface LastRelease {
  readonly release: string;
  /** The checksum of each migration's source, by the name of its class. */
  readonly migrations: Readonly<Record<string, string>>;
  /** The rights of each schema's login, one by one. */
  readonly rights: Readonly<Record<string, readonly string[]>>;
}

export function lastRelease(): LastRelease {
  return JSON.parse(
    readFileSync(join(workspaceRoot(), 'deploy', 'last-release.json'), 'utf8'),
  ) as LastRelease;
}
