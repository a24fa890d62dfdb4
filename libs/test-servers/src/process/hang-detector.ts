import { setTimeout as sleep } from 'node:timers/promises';
import type { Life } from './launch.js';

const EVERY_MS = 15_000;
/** Longer than any pause that a service survives on purpose: a frozen one must be able to prove that it does no harm when it goes on. */
const HUNG_AFTER_SILENCES = 6;

/** Watches a life that is under way: ends it when it does not answer for a minute and a half, for a process that hangs does nothing. */
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
