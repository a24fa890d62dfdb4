import type { LoadResult } from './load.js';

/** A rate is sustained when everything offered was captured and the system had caught up shortly after the last arrival. */
const CAUGHT_UP_MS = 2_000;
const GROWTH = 1.35;
const STEPS_AT_MOST = 8;
const REFINEMENTS = 2;

export interface Search {
  readonly startRate: number;
  readonly seconds: number;
  run(rate: number, seconds: number): Promise<LoadResult>;
  onResult(result: LoadResult, sustained: boolean): void;
}

function isSustained(result: LoadResult): boolean {
  return result.captured === result.offered && result.drainMs <= CAUGHT_UP_MS;
}

/** Raises the arrival rate until the system falls behind, then narrows in; answers the best sustained run. Bounded in steps. */
export async function findSustained(search: Search): Promise<LoadResult | null> {
  let best: LoadResult | null = null;
  let failed = Infinity;
  const attempt = async (rate: number): Promise<boolean> => {
    const result = await search.run(Math.round(rate), search.seconds);
    const sustained = isSustained(result);
    search.onResult(result, sustained);
    if (sustained && result.perSecond > (best?.perSecond ?? 0)) best = result;
    if (!sustained) failed = Math.min(failed, rate);
    return sustained;
  };
  let rate = search.startRate;
  for (let step = 0; step < STEPS_AT_MOST && (await attempt(rate)); step++) rate *= GROWTH;
  for (let step = 0; step < REFINEMENTS && Number.isFinite(failed); step++)
    await attempt(((best as LoadResult | null)?.rate ?? failed / 2) * 0.5 + failed * 0.5);
  return best;
}
