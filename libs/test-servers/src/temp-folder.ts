import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder that other users may walk through, as PostgreSQL under root has to. The guard given removes it at the end. */
export function tempFolder(guard: { removeAtEnd(folder: string): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  chmodSync(folder, 0o711);
  guard.removeAtEnd(folder);
  return folder;
}
