import { findSustained } from '../find-sustained.js';
import { describeLoad, type LoadResult } from '../load.js';
import { warningOf, type Spent } from '../machine.js';

const SEARCH = { rate: 300, seconds: 12 };

/** The best run that was sustained, and what it spent; null where not even the lowest rate was. */
export interface Sustained {
  readonly best: LoadResult | null;
  readonly spent: Spent | null;
}

export interface SustainedSearch {
  run(rate: number, seconds: number): Promise<LoadResult>;
  /** As `startMeter`. */
  meter(): () => Spent;
  /** Of each attempt, instead of twelve. */
  readonly seconds: number | undefined;
  /** Where the search begins, instead of 300 a second. */
  readonly startRate?: number | undefined;
  say(line: string): void;
}

/** Searches the highest rate that is sustained, from request to capture with the drain included. A rate that was too much is said, with what was reached of it. */
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
