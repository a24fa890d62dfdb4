import { monotonicMs } from '@sluice/clock';
import { ApiError, type ApiErrorKind } from './api-error.js';

/** Clients of the contract wait 10 s; whoever is admitted by then must still be answered. */
export const LOOK_WITHIN_MS = 4_000;
export const COME_BACK_SECONDS = '5';

/** A wait that the request has spent elsewhere is taken off, but everything gets a moment. */
const MOMENT_MS = 500;

/** What is left of `limitMs`, counted from the request's arrival. */
export function leftOf(limitMs: number, arrivedAtMs: number): number {
  return Math.max(arrivedAtMs + limitMs - monotonicMs(), Math.min(limitMs, MOMENT_MS));
}

/** The work's answer, or the contract's refusal `late` when it takes longer: what was asked may still be done. */
export async function inTime<T>(
  work: Promise<T>,
  withinMs: number,
  late: Extract<ApiErrorKind, 'unavailable' | 'still_in_progress'>,
): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(late === 'unavailable' ? unavailable() : ApiError.of(late)),
    withinMs,
  );
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

export function unavailable(): ApiError {
  return ApiError.of('unavailable', { 'retry-after': COME_BACK_SECONDS });
}
