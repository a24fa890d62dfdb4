import fc from 'fast-check';
import { inForceAt, nextBeginAfter, stateOf, type Versioned } from './terms-versions.js';

const at = (ms: number) => new Date(ms);
const version = (number: number, ms: number | null): Versioned => ({
  version: number,
  effectiveAt: ms === null ? null : at(ms),
});
const FIRST = version(0, null);

describe('the version in force', () => {
  it.each<[string, Versioned[], number, number | null]>([
    ['none, before the first begins', [version(1, 10)], 9, null],
    ['the first, at its very moment', [version(1, 10)], 10, 1],
    ['what it began with, while the next is to come', [FIRST, version(1, 10)], 9, 0],
    ['the one that began last, whenever it was recorded', [version(2, 10), version(1, 20)], 25, 1],
    ['the newest of those that begin together', [version(1, 10), version(2, 10)], 10, 2],
  ])('is %s', (_which, versions, now, expected) => {
    expect(inForceAt(versions, at(now))?.version ?? null).toBe(expected);
  });

  it('has states beside it: over, to come, and replaced by a newer one that begins together with it', () => {
    const versions = [FIRST, version(1, 10), version(2, 30), version(3, 30), version(4, 20)];
    expect(versions.map((one) => stateOf(one, versions, at(15)))).toEqual([
      'over',
      'in_force',
      'replaced',
      'coming',
      'coming',
    ]);
  });

  const anyVersions = fc
    .array(fc.option(fc.integer({ min: 0, max: 20 })), { maxLength: 12 })
    .map((begins) => begins.map((begin, index) => version(index, index === 0 ? null : begin)));
  const anyMoment = fc.integer({ min: 0, max: 21 });

  it('is the last in the order of beginnings, however the rows come', () =>
    fc.assert(
      fc.property(
        anyVersions,
        anyMoment,
        fc.infiniteStream(fc.integer()),
        (versions, now, keys) => {
          const shuffled = versions
            .map((one) => ({ one, key: keys.next().value ?? 0 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ one }) => one);
          const begin = ({ effectiveAt }: Versioned) => effectiveAt?.getTime() ?? -1;
          const expected = versions
            .filter((one) => begin(one) <= now)
            .toSorted((a, b) => begin(a) - begin(b) || a.version - b.version)
            .at(-1);
          expect(inForceAt(shuffled, at(now))).toEqual(expected ?? null);
        },
      ),
    ));

  it('stays until the next begins, and is another from then on', () =>
    fc.assert(
      fc.property(anyVersions, anyMoment, (versions, now) => {
        const next = nextBeginAfter(versions, at(now));
        const last = Math.min(next - 1, 100);
        expect(inForceAt(versions, at(last))).toEqual(inForceAt(versions, at(now)));
        if (next !== Infinity)
          expect(inForceAt(versions, at(next))?.effectiveAt?.getTime()).toBe(next);
      }),
    ));

  it('is never changed by a version that is to come', () =>
    fc.assert(
      fc.property(
        anyVersions,
        anyMoment,
        fc.integer({ min: 1, max: 9 }),
        (versions, now, ahead) => {
          const later = version(versions.length, now + ahead);
          expect(inForceAt([...versions, later], at(now))).toEqual(inForceAt(versions, at(now)));
        },
      ),
    ));
});
