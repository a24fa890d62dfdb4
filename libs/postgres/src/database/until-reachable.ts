import { setTimeout as sleep } from 'node:timers/promises';
import { isInfrastructureFault, isRefusedLogin, UnfitDatabaseError } from '../connection/faults.js';
import { NotMigratedError } from '../schema/not-migrated.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Repeats `work` while the database is unreachable or not migrated; throws all other errors. */
export async function untilReachable<T>(
  work: () => Promise<T>,
  onFault: (error: unknown) => void,
): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!passes(error)) throw error;
      onFault(error);
    }
    await sleep(pauseMs);
  }
}

function passes(error: unknown): boolean {
  if (error instanceof NotMigratedError) return true;
  if (error instanceof UnfitDatabaseError || isRefusedLogin(error)) return false;
  return isInfrastructureFault(error);
}
