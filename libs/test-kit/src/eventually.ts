import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** How long the condition may take to come true; 10 s by default. */
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/** Repeats `check` until it does not throw and answers what it answered; then, too late, throws its last error. */
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
