import { closest } from 'fastest-levenshtein';

/**
 * Returns the candidate with the smallest edit distance; the first of equals. Empty text without
 * candidates.
 */
export function nearest(given: string, candidates: readonly string[]): string {
  return candidates.length === 0 ? '' : closest(given, candidates);
}
