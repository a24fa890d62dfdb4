// Lock for builds and installations. Two builds of a checkout would delete each other's output, and
// two installations each other's packages. The second process waits and finds the work done.
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_WAIT_MS = 600_000;
const PAUSE_MS = 100;

/**
 * Does the work while no other process holds the lock; the lock of an ended process is taken over.
 * Throws after ten minutes.
 */
export async function inTurn(lock, work) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let waited = 0; !take(lock); waited += PAUSE_MS) {
    if (waited >= LONGEST_WAIT_MS)
      throw new Error(
        `another command's build or installation does not end; if none is under way, remove ${lock}`,
      );
    await sleep(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/**
 * Takes the lock by a hard link: creating the link fails if the lock exists, and never shows a
 * half-written lock.
 */
function take(lock) {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, `${process.pid}`);
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function isHeld(lock) {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM' || error.code === 'ENOENT'; // released since: looked at again
  }
}
