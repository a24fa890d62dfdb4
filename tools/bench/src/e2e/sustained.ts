import { findSustained } from '../load/find-sustained.js';
import { describeLoad, type LoadResult } from '../load/load.js';
import { warningOf, type Spent } from '../system/machine.js';

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
  const warning = spent && warningOf('the search for the sustained rate', spent);
  if (warning !== null) say(warning);
  if (!best) say('not even the lowest rate was sustained');
  return { best, spent };
}
