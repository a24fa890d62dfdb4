import { closest } from 'fastest-levenshtein';

/** The candidate that takes the fewest keystrokes to reach; the first of equals. Empty text when there is none. */
export function nearest(given: string, candidates: readonly string[]): string {
  return candidates.length === 0 ? '' : closest(given, candidates);
}
