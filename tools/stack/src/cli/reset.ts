import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { layoutOf } from '../system/layout.js';
import { endOrphans } from '../system/orphans.js';

/** Downloaded once and the same for every start: no data. */
const KEPT = new Set(['kafka-lib']);

/** Wipes a data folder; nothing may run on it any more. */
export async function resetData(home: string): Promise<void> {
  if (!existsSync(home)) return;
  await endOrphans(layoutOf(home).processes);
  for (const entry of readdirSync(home)) {
    if (!KEPT.has(entry)) rmSync(join(home, entry), { recursive: true, force: true });
  }
}
