import { describeLoad, type LoadResult } from './load.js';
import { warn, type Spent } from '../machine/machine.js';

/** A rate is sustained when everything offered was captured and the system had caught up shortly after the last arrival. */
const CAUGHT_UP_MS = 2_000;
const GROWTH = 1.35;
const STEPS_AT_MOST = 8;
const REFINEMENTS = 2;
/** Maximum number of times an unsustained first rate is halved. */
const HALVINGS = 3;

interface Search {
  readonly startRate: number;
  readonly seconds: number;
  run(rate: number, seconds: number): Promise<LoadResult>;
  onResult(result: LoadResult, sustained: boolean): void;
}

/** Returns true if the offered rate was sustained. */
export function isSustained(result: LoadResult): boolean {
  return result.captured === result.offered && result.drainMs <= CAUGHT_UP_MS;
}

/**
 * Raises the arrival rate until the system falls behind, and narrows the range. If even the first
 * rate is too high, the rate is halved a few times. Returns the best sustained run, or null. The
 * number of steps is bounded.
 */
export async function findSustained(search: Search): Promise<LoadResult | null> {
  let best: LoadResult | null = null;
  let sustained = 0;
  let failed = Infinity;
  const attempt = async (rate: number): Promise<boolean> => {
    const result = await search.run(Math.round(rate), search.seconds);
    const kept = isSustained(result);
    search.onResult(result, kept);
    if (kept && result.perSecond > (best?.perSecond ?? 0)) best = result;
    if (kept) sustained = Math.max(sustained, rate);
    else failed = Math.min(failed, rate);
    return kept;
  };
  let rate = search.startRate;
  for (let step = 0; step < STEPS_AT_MOST && (await attempt(rate)); step++) rate *= GROWTH;
  for (let step = 0; step < HALVINGS && sustained === 0; step++) await attempt(failed / 2);
  for (let step = 0; step < REFINEMENTS && sustained > 0 && Number.isFinite(failed); step++)
    await attempt((sustained + failed) / 2);
  return best;
}

const SEARCH = { rate: 300, seconds: 12 };

/** The best sustained run and the run's cost; null if even the lowest rate was not sustained. */
export interface Sustained {
  readonly best: LoadResult | null;
  readonly spent: Spent | null;
}

interface SustainedSearch {
  run(rate: number, seconds: number): Promise<LoadResult>;
  /** Starts a meter, like `startMeter`. */
  meter(): () => Spent;
  /** Duration of each attempt (default 12 s). */
  readonly seconds: number | undefined;
  /** First rate of the search (default 300 per second). */
  readonly startRate?: number | undefined;
  say(line: string): void;
}

/**
 * Searches the highest sustained rate, from request to capture, including the drain. Missed rates
 * are printed with the reached rate.
 */
export async function sustainedRate(search: SustainedSearch): Promise<Sustained> {
  const { run, meter, say } = search;
  const spentOf = new Map<LoadResult, Spent>();
  const best = await findSustained({
    startRate: search.startRate ?? SEARCH.rate,
    seconds: search.seconds ?? SEARCH.seconds,
    run: async (rate, seconds) => {
      const spent = meter();
      const result = await run(rate, seconds);
      spentOf.set(result, spent());
      return result;
    },
    onResult: (result, sustained) =>
      say(`${sustained ? 'sustained' : 'too much '} ${describeLoad(result)}`),
  });
  const spent = (best && spentOf.get(best)) ?? null;
  if (spent) warn('the search for the sustained rate', spent, say);
  if (!best) say('not even the lowest rate was sustained');
  return { best, spent };
}
