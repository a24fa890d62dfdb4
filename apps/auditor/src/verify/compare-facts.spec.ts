import { differencesOf } from './compare-facts.js';
import { printResults } from './verify-audit.js';

const mine = new Map([
  ['a', '1'],
  ['b', '2'],
  ['c', '3'],
]);
const theirs = new Map([
  ['a', '1'],
  ['b', '9'],
  ['d', '4'],
]);

describe('the comparison of recomputed and stored rows', () => {
  it('names each row that differs', () => {
    expect(differencesOf('both', mine, theirs)).toEqual([
      'b: recomputed 2, the auditor has 9',
      'c: recomputed, and the auditor does not have it',
      'd: the auditor has it, and it is not recomputed',
    ]);
  });

  it('leaves out rows of one side where the other side may lack them', () => {
    expect(differencesOf('recomputed', mine, theirs)).toHaveLength(2);
    expect(differencesOf('common', mine, theirs)).toHaveLength(1);
    expect(differencesOf('both', mine, new Map(mine))).toEqual([]);
  });

  it('is printed with at most 100 ids of a kind, and the exit code', () => {
    const lines: string[] = [];
    const print = (line: string): void => void lines.push(line);
    const many = Array.from({ length: 102 }, (_, at) => `row ${at}`);
    const equal = { kind: 'holds', recomputed: 5, stored: 5, differences: [] };

    expect(printResults([equal], print)).toBe(0);
    expect(printResults([{ ...equal, differences: many }], print)).toBe(1);
    expect(lines).toContain('holds: 5 recomputed, 5 stored, 0 different');
    expect(lines).toContain('  and 2 more');
    expect(lines.at(-1)).toBe('the audit is NOT proven');
  });
});
