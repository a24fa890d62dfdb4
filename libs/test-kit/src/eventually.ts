import { setTimeout as sleep } from 'node:timers/promises';

interface Patience {
  /** Time limit for the condition (default 10 s). */
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/**
 * Repeats `check` until `check` does not throw, and returns the result. After the time limit,
 * throws the last error.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 20 }: Patience = {},
): Promise<T> {
  for (const deadline = Date.now() + withinMs; ; await sleep(everyMs)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
