import { setTimeout as sleep } from 'node:timers/promises';

interface Arrival {
  /** Due time in `performance.now()` time: lateness of the generator counts as latency. */
  readonly dueMs: number;
  /** Unix time in milliseconds of the same moment. */
  readonly dueAt: number;
}

/**
 * A late timer would count as our latency: the timer is set for the next request. At high rates a
 * coarser timer avoids a timer per request.
 */
const [SHORTEST_MS, BUSY_MS, BUSY_RATE] = [1, 5, 600];

/** Starts `rate` pieces of work per second for `seconds`, whether the earlier ones have been answered or not; resolves when all are. */
export async function openLoop(
  rate: number,
  seconds: number,
  work: (arrival: Arrival) => Promise<void>,
): Promise<void> {
  const total = Math.round(rate * seconds);
  const running: Promise<void>[] = [];
  const start = performance.now();
  const startAt = Date.now();
  while (running.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate) + 1);
    while (running.length < due) {
      const offset = (running.length / rate) * 1000;
      running.push(work({ dueMs: start + offset, dueAt: startAt + offset }));
    }
    const nextMs = start + (running.length / rate) * 1000 - performance.now();
    await sleep(Math.max(nextMs, rate > BUSY_RATE ? BUSY_MS : SHORTEST_MS));
  }
  await Promise.all(running);
}
