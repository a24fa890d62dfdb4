import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Creates a folder traversable by other users, as required by PostgreSQL under root. The guard
 * removes the folder at the end.
 */
export function tempFolder(guard: { removeAtEnd(folder: string): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  chmodSync(folder, 0o711);
  guard.removeAtEnd(folder);
  return folder;
}
