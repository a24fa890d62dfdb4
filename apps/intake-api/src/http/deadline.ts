import { monotonicMs } from '@sluice/runtime';

/** Time limit of reads before any write: clients wait 10 s. */
export const LOOK_UP_WITHIN_MS = 4_000;

/** Minimum time of a step. Time already spent by the request is subtracted down to this minimum. */
const MIN_STEP_MS = 500;

/** The work exceeded the request's time limit and may still complete. `late` selects the answer. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(readonly late: 'unavailable' | 'still_in_progress') {
    super(`deadline passed: ${late}`);
  }
}

/** Rest of `limitMs` since the request's arrival, by the monotonic clock. */
export function remainingMs(limitMs: number, arrivedAtMs: number): number {
  return Math.max(arrivedAtMs + limitMs - monotonicMs(), Math.min(limitMs, MIN_STEP_MS));
}

/** Returns the work's result. Throws DeadlineError if the work takes longer than `withinMs`. */
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
