import type { KindResult } from './compare-facts.js';

const MOST_NAMED = 100;

/** Prints the counts and differences by kind. Returns the exit code: 0 without a difference, else 1. */
export function printResults(results: readonly KindResult[], print: (line: string) => void): 0 | 1 {
  for (const { kind, recomputed, stored, differences } of results) {
    print(`${kind}: ${recomputed} recomputed, ${stored} stored, ${differences.length} different`);
    for (const difference of differences.slice(0, MOST_NAMED)) print(`  ${difference}`);
    if (differences.length > MOST_NAMED) print(`  and ${differences.length - MOST_NAMED} more`);
  }
  const isEqual = results.every(({ differences }) => differences.length === 0);
  print(isEqual ? 'the audit is proven' : 'the audit is NOT proven');
  return isEqual ? 0 : 1;
}
