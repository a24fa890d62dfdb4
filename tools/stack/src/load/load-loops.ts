import { setTimeout as sleep } from 'node:timers/promises';

/** Work of a load, due at a moment of the rate. */
export interface Arrival {
  /** Counted from 0. */
  readonly number: number;
  /** Due time in `performance.now()` time: lateness of the generator counts as latency. */
  readonly dueMs: number;
  /** Unix time in milliseconds of the same moment. */
  readonly dueAt: number;
}

export interface LoadRate {
  readonly perSecond: number;
  /** Number of arrivals (default: until the end). */
  readonly count?: number;
  readonly ended?: AbortSignal;
}

/**
 * A late timer would count as our latency: the timer is set for the next arrival. At high rates a
 * coarser timer avoids a timer per arrival.
 */
const [SHORTEST_MS, BUSY_MS, BUSY_RATE] = [1, 5, 600];

/** Starts work at a rate, whether the earlier work has ended or not. Resolves after all work. */
export async function atRate(
  { perSecond, count = Infinity, ended }: LoadRate,
  work: (arrival: Arrival) => unknown,
): Promise<void> {
  const running: unknown[] = [];
  const [start, startAt] = [performance.now(), Date.now()];
  const offsetOf = (number: number): number => (number / perSecond) * 1_000;
  while (running.length < count && !ended?.aborted) {
    const elapsed = performance.now() - start;
    const due = Math.min(count, Math.floor((elapsed / 1_000) * perSecond) + 1);
    for (let number = running.length; number < due; number += 1) {
      const offset = offsetOf(number);
      running.push(work({ number, dueMs: start + offset, dueAt: startAt + offset }));
    }
    const nextMs = start + offsetOf(running.length) - performance.now();
    await pause(Math.max(nextMs, perSecond > BUSY_RATE ? BUSY_MS : SHORTEST_MS), ended);
  }
  await Promise.all(running);
}

/** Keeps work in flight: each end is followed by the next start, while `isWanted`. */
export async function keepInFlight(
  inFlight: number,
  isWanted: () => boolean,
  work: () => Promise<unknown>,
): Promise<void> {
  const lane = async (): Promise<void> => {
    while (isWanted()) await work();
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

/** Waits; an abort ends the wait early. */
export async function pause(ms: number, ended?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { ...(ended && { signal: ended }) }).catch(() => undefined);
}
