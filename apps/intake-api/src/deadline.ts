import { monotonicMs } from '@sluice/clock';

/** Clients of the contract wait 10 s; whoever is admitted by then must still be answered. */
export const LOOK_UP_WITHIN_MS = 4_000;

/** A wait that the request has spent elsewhere is taken off, but everything gets a moment. */
const MOMENT_MS = 500;

/** The work took longer than a request may wait for it; it may still be done. `late` says how the client is answered. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(readonly late: 'unavailable' | 'still_in_progress') {
    super(`deadline passed: ${late}`);
  }
}

/** What is left of `limitMs`, counted from the request's arrival by the monotonic clock. */
export function remainingMs(limitMs: number, arrivedAtMs: number): number {
  return Math.max(arrivedAtMs + limitMs - monotonicMs(), Math.min(limitMs, MOMENT_MS));
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
