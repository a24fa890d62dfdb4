import { setTimeout as sleep } from 'node:timers/promises';

/** Watches that something does not happen: `check` has to hold at every look for this long. */
export async function remainsTrue(check: () => void | Promise<void>, forMs: number): Promise<void> {
  for (const until = Date.now() + forMs; Date.now() < until; await sleep(100)) await check();
  await check();
}
