import { monotonicMs } from '@sluice/clock';

/** A look-up before anything is written. Clients of the contract wait 10 s, and an answer must still be possible after it. */
export const LOOK_UP_WITHIN_MS = 4_000;

/** Time that the request has spent already is subtracted, but each step gets at least this much. */
const MIN_STEP_MS = 500;

/** The work took longer than a request may wait for it; it may still be done. `late` says how the client is answered. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(readonly late: 'unavailable' | 'still_in_progress') {
    super(`deadline passed: ${late}`);
  }
}

/** What is left of `limitMs`, counted from the request's arrival by the monotonic clock. */
export function remainingMs(limitMs: number, arrivedAtMs: number): number {
  return Math.max(arrivedAtMs + limitMs - monotonicMs(), Math.min(limitMs, MIN_STEP_MS));
}

/** The work's result. Throws DeadlineError when it takes longer than `withinMs`. */
export async function withDeadline<T>(
  work: Promise<T>,
  withinMs: number,
  late: DeadlineError['late'],
): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DeadlineError(late)), withinMs);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
