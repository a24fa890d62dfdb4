import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Creates a temporary folder traversable by other users: under root, PostgreSQL runs as another
 * user. The caller removes the folder.
 */
export function newDataFolder(prefix = 'sluice-'): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711);
  return folder;
}

/** Creates a temporary data folder. The guard removes the folder at the end. */
export function tempFolder(guard: { removeAtEnd(folder: string): void }): string {
  const folder = newDataFolder();
  guard.removeAtEnd(folder);
  return folder;
}
