import { setTimeout as sleep } from 'node:timers/promises';

/** Checks a condition over time: `check` must succeed at every poll during `forMs` milliseconds. */
export async function remainsTrue(check: () => void | Promise<void>, forMs: number): Promise<void> {
  for (const until = Date.now() + forMs; Date.now() < until; await sleep(100)) await check();
  await check();
}
