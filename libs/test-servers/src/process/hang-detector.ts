import { setTimeout as sleep } from 'node:timers/promises';
import type { Life } from './launch.js';

const EVERY_MS = 15_000;
/**
 * Missed answers before a process counts as hung. The time exceeds every intended pause: a frozen
 * process must be able to resume and prove harmless.
 */
const HUNG_AFTER_SILENCES = 6;

/**
 * Watches a running process and kills the process after a minute and a half without an answer,
 * because a hung process does no work.
 */
export async function endWhenHung(
  life: Life,
  alive: () => Promise<void>,
  isWatched: () => boolean,
  everyMs = EVERY_MS,
): Promise<void> {
  let silences = 0;
  for (;;) {
    await sleep(everyMs, undefined, { ref: false });
    if (life.exit() || !isWatched()) return;
    silences = await alive().then(
      () => 0,
      () => silences + 1,
    );
    if (silences >= HUNG_AFTER_SILENCES && !life.exit() && isWatched())
      return life.signal('SIGKILL');
  }
}
