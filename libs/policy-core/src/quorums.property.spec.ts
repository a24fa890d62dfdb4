import fc from 'fast-check';
import { areMet, type Quorum, type RuleSet } from './rule.js';
import { anyGroups, anyQuorums, PEOPLE } from './testing/any-policy.js';

const RUNS = { numRuns: 4000 };
const anyPeople = fc.subarray([...PEOPLE]);

/** Tries every group, and no group, for every person. */
function someChoiceMeets(
  needs: ReadonlyMap<string, number>,
  groups: RuleSet['groups'],
  [person, ...others]: readonly string[],
): boolean {
  if ([...needs.values()].every((need) => need <= 0)) return true;
  if (person === undefined) return false;
  const chosen = [...needs].filter(([name]) => groups[name]?.people.includes(person));
  const after = chosen.map(([name, need]) => new Map(needs).set(name, need - 1));
  return [needs, ...after].some((left) => someChoiceMeets(left, groups, others));
}

function agreesWithEveryChoice(decide: typeof areMet) {
  const met = { true: 0, false: 0 };
  fc.assert(
    fc.property(anyQuorums, anyGroups, anyPeople, (quorums, groups, people) => {
      const needs = new Map(quorums.map(({ group, need }) => [group, need]));
      const expected = someChoiceMeets(needs, groups, people);
      met[`${expected}`] += 1;

      expect(decide(quorums, groups, people)).toBe(expected);
    }),
    RUNS,
  );
  return met;
}

const countIn = (groups: RuleSet['groups'], { group }: Quorum, people: readonly string[]) =>
  people.filter((person) => groups[group]?.people.includes(person)).length;

describe('quorums', () => {
  it('are met if, and only if, some choice of one group per person meets them', () => {
    const met = agreesWithEveryChoice(areMet);

    expect(Math.min(met.true, met.false)).toBeGreaterThan(400);
  });

  it('that are met stay met with more people', () =>
    fc.assert(
      fc.property(anyQuorums, anyGroups, anyPeople, anyPeople, (quorums, groups, some, more) => {
        if (!areMet(quorums, groups, some)) return;
        expect(areMet(quorums, groups, [...more, ...some])).toBe(true);
      }),
      RUNS,
    ));

  it('have one meaning in every order of people and groups', () =>
    fc.assert(
      fc.property(anyQuorums, anyGroups, anyPeople, (quorums, groups, people) => {
        const met = areMet(quorums, groups, people);

        expect(areMet(quorums.toReversed(), groups, people.toReversed())).toBe(met);
      }),
      RUNS,
    ));

  it('are tested well enough to refuse an engine that counts a person for two groups', () =>
    expect(() =>
      agreesWithEveryChoice((quorums, groups, people = []) =>
        quorums.every((quorum) => countIn(groups, quorum, people) >= quorum.need),
      ),
    ).toThrow('Property failed'));

  it('are tested well enough to refuse an engine that never moves a person', () =>
    expect(() =>
      agreesWithEveryChoice((quorums, groups, people = []) => {
        const free = new Set(people);
        return quorums.every(({ group, need }) => {
          const members = [...free].filter((one) => groups[group]?.people.includes(one));
          for (const person of members.slice(0, need)) free.delete(person);
          return members.length >= need;
        });
      }),
    ).toThrow('Property failed'));
});
