import { alteredFindings, type SealedFinding } from './finding-seals.js';

const finding = (number: number | null, seal: string | null = 'valid'): SealedFinding => ({
  id: `id${number}`,
  number,
  content: ['paid_twice', 'all', null],
  seal,
});
const altered = (findings: readonly SealedFinding[], last: number, remembered = 0) =>
  alteredFindings({ findings, last, remembered, isSealed: ({ seal }) => seal === 'valid' });

describe('altered findings', () => {
  it('are none while every number has its sealed finding', () =>
    expect(altered([finding(1), finding(2)], 2)).toEqual([]));

  it('are unsealed ones, under another subject after each change', () => {
    const [first] = altered([finding(1), finding(2, 'x')], 2);
    const [second] = altered([finding(1), finding(2, 'y')], 2);

    expect(first?.subject).toMatch(/^finding id2 as [0-9a-f]{16}$/);
    expect(second?.subject).not.toBe(first?.subject);
  });

  it('are missing numbers, also those that only this process remembers', () => {
    expect(altered([finding(1), finding(3)], 3).map(({ subject }) => subject)).toEqual([
      'number 2',
    ]);
    expect(altered([finding(1)], 1, 3).map(({ subject }) => subject)).toEqual([
      'number 2',
      'number 3',
    ]);
  });
});
