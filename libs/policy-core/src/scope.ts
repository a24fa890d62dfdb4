import type { Facts } from './facts.js';
import type { RuleScope } from './rule.js';

/**
 * Returns whether a rule with this scope applies; null if a needed fact is unknown. A known fact
 * outside the scope decides alone.
 */
export function isInScope(scope: RuleScope, facts: Facts): boolean | null {
  const matches = [
    matchOf(scope.accounts, facts.accountId),
    matchOf(scope.keys, facts.keyId),
    matchOf(scope.assets, facts.payout.asset),
    matchOf(scope.venues, facts.venue),
  ];
  if (matches.includes(false)) return false;
  return matches.includes(null) ? null : true;
}

function matchOf(list: readonly string[] | undefined, value: string | null): boolean | null {
  if (list === undefined) return true;
  return value === null ? null : list.includes(value);
}

/** False if no withdrawal can be in both scopes: two of their lists have no value in common. */
export function mayMeet(one: RuleScope, other: RuleScope): boolean {
  const pairs = [
    [one.accounts, other.accounts],
    [one.keys, other.keys],
    [one.assets, other.assets],
    [one.venues, other.venues],
  ] as const;
  return pairs.every(
    ([first, second]) =>
      first === undefined ||
      second === undefined ||
      first.some((value) => second.some((same) => same === value)),
  );
}
