import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workspaceRoot } from './files.js';

/**
 * Returns a file or folder created once per content of the pin files: `.sluice/tools/<name>-<hash
 * of the pins>`. The result appears atomically: `make` writes to a temporary path beside the
 * target, and may be killed.
 */
export function fetchedTool(
  name: string,
  pins: readonly string[],
  make: (to: string) => void,
): string {
  const hash = createHash('sha256');
  for (const file of pins) hash.update(readFileSync(file));
  const place = join(
    workspaceRoot(),
    '.sluice/tools',
    `${name}-${hash.digest('hex').slice(0, 12)}`,
  );
  if (existsSync(place)) return place;
  mkdirSync(dirname(place), { recursive: true });
  const folder = mkdtempSync(`${place}-`);
  try {
    make(join(folder, name));
    renameSync(join(folder, name), place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return place;
}
