import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { layoutOf } from '../layout/layout.js';
import { endOrphans } from '../system/orphans.js';

/** Downloaded once and the same for every start: no data. */
const KEPT = new Set(['kafka-lib']);

/**
 * Deletes the content of a data folder. Ends all processes of an earlier start on the folder first.
 */
export async function resetData(home: string): Promise<void> {
  if (!existsSync(home)) return;
  await endOrphans(layoutOf(home).processes);
  for (const entry of readdirSync(home)) {
    if (!KEPT.has(entry)) rmSync(join(home, entry), { recursive: true, force: true });
  }
}
