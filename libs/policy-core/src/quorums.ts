import type { ApproverGroup, AskingRule, Quorum, RuleSet } from './rule.js';

type Groups = RuleSet['groups'];

/** Names of rules and groups may be names of the prototype, such as `constructor`. */
export function groupNamed(groups: Groups, name: string): ApproverGroup | null {
  return Object.hasOwn(groups, name) ? (groups[name] ?? null) : null;
}

/**
 * Returns whether these people meet all quorums, each person in one group only. A person in two
 * groups therefore never approves for both. Default: all members of the groups.
 */
export function areMet(
  quorums: readonly Quorum[],
  groups: Groups,
  people: readonly string[] = Object.values(groups).flatMap((group) => group.people),
): boolean {
  const present = new Set(people);
  const groupOf = new Map<string, string>();

  /** Adds a person to the group. A person of another group moves if that group finds another. */
  function addOne(group: string, asked: Set<string>): boolean {
    asked.add(group);
    const members = groupNamed(groups, group)?.people ?? [];
    return members.some((person) => {
      const taken = groupOf.get(person);
      if (!present.has(person)) return false;
      if (taken !== undefined && (asked.has(taken) || !addOne(taken, asked))) return false;
      groupOf.set(person, group);
      return true;
    });
  }

  return quorums.every(({ group, need }) =>
    Array.from({ length: need }).every(() => addOne(group, new Set())),
  );
}

/** Returns each group once, with the highest number of people. */
export function highestOf(rules: readonly Pick<AskingRule, 'quorums'>[]): readonly Quorum[] {
  const needs = new Map<string, number>();
  for (const { group, need } of rules.flatMap(({ quorums }) => quorums))
    needs.set(group, Math.max(need, needs.get(group) ?? 0));
  return [...needs].map(([group, need]) => ({ group, need }));
}
