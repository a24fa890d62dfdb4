import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workspaceRoot } from './workspace-root.js';

/**
 * A file or folder made once for what the pins say, `.sluice/tools/<name>-<hash of the pins>`. It appears whole: `make` is given another
 * place beside it, and may be killed.
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
