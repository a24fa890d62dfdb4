import { monotonicMs } from '@sluice/runtime';

/** A shorter rest would end before the work of this moment is visible. */
const SHORTEST_MS = 250;

/** Rest until the next moment that all loops of the process with this interval share. */
export function restUntil(everyMs: number, now = monotonicMs()): number {
  const rest = everyMs - (now % everyMs);
  return rest < SHORTEST_MS ? rest + everyMs : rest;
}
