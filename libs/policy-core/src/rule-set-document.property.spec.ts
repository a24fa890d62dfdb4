import fc from 'fast-check';
import { documentOf, parseRuleSet } from './parse-rule-set.js';
import { anyReadableSet } from './testing/any-policy.js';

describe('the document of a set', () => {
  it('is read as the same set again', () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(anyReadableSet, (set) => {
        for (const { kind } of set.rules) met.set(kind, (met.get(kind) ?? 0) + 1);

        const document: unknown = JSON.parse(JSON.stringify(documentOf(set)));

        expect(parseRuleSet(document)).toEqual({ ok: true, value: set });
      }),
      { numRuns: 2000 },
    );

    expect([...met.keys()].sort()).toEqual(['approval', 'deny', 'limit', 'recipient']);
    expect(Math.min(...met.values())).toBeGreaterThan(200);
  });

  it('has a place for every field of the set', () =>
    fc.assert(
      fc.property(anyReadableSet, anyReadableSet, (one, other) => {
        const [first, second] = [one, other].map((set) => JSON.stringify(documentOf(set)));

        expect(first === second).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    ));
});
