import fc from 'fast-check';
import { mergedPage, type Numbered } from './list-withdrawals.js';

/** As a source answers: its newest below a number, one more than a page may have. */
const newest = (rows: readonly Numbered[], below: string | null, limit: number) =>
  rows
    .filter(({ number }) => below === null || BigInt(number) < BigInt(below))
    .toSorted((one, other) => (BigInt(one.number) < BigInt(other.number) ? 1 : -1))
    .slice(0, limit + 1);

const anyNumbers = fc.uniqueArray(fc.bigInt(1n, 2n ** 53n), { maxLength: 60 });

describe('mergedPage', () => {
  it('page after page has every row of every list once, the newest first', () => {
    fc.assert(
      fc.property(anyNumbers, fc.integer({ min: 1, max: 7 }), (numbers, limit) => {
        const rows = numbers.map((number) => ({ number: String(number) }));
        const lists = [
          rows.filter((_row, index) => index % 3 === 0),
          rows.filter((_row, index) => index % 3 !== 0),
        ];
        const found: Numbered[] = [];
        for (let below: string | null = null, isOver = false; !isOver;) {
          const page = mergedPage(
            lists.map((list) => newest(list, below, limit)),
            limit,
          );
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          found.push(...page.rows);
          below = page.nextBelow;
          isOver = below === null;
        }
        expect(found).toEqual(newest(rows, null, rows.length));
      }),
    );
  });

  it('of one that is full and the last says that it is', () => {
    expect(mergedPage([[{ number: '2' }], [{ number: '10' }]], 2)).toEqual({
      rows: [{ number: '10' }, { number: '2' }],
      nextBelow: null,
    });
    expect(mergedPage<Numbered>([[], []], 2)).toEqual({ rows: [], nextBelow: null });
  });
});
