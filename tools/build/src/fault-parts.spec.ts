import { filesOfPart, partOfDay } from '../fault-parts.mjs';

const FILES = Array.from({ length: 28 }, (_, at) => `apps/a/src/f${at}.faults.spec.ts`);
const SECONDS = Object.fromEntries(FILES.map((file, at) => [file, 10 + ((at * 37) % 200)]));
const EIGHT = Array.from({ length: 8 }, (_, at) => `${at + 1}/8`);
const lengthOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + (SECONDS[file] ?? 0), 0);

describe('a part of the fault tests', () => {
  it('has each file exactly once over all parts, in whatever order the files are found', () => {
    const parts = EIGHT.map((part) => filesOfPart(part, FILES, SECONDS));
    const reversed = EIGHT.map((part) => filesOfPart(part, FILES.toReversed(), SECONDS));

    expect(parts.flat().sort()).toEqual(FILES.toSorted());
    expect(reversed).toEqual(parts);
  });

  it('is no longer than the mean and the longest file together', () => {
    const longest = Math.max(...Object.values(SECONDS));

    for (const part of EIGHT)
      expect(lengthOf(filesOfPart(part, FILES, SECONDS))).toBeLessThanOrEqual(
        lengthOf(FILES) / 8 + longest,
      );
  });

  it('has also a file that was never measured', () => {
    expect(EIGHT.flatMap((part) => filesOfPart(part, FILES, {}))).toHaveLength(FILES.length);
    expect(filesOfPart('1/1', FILES, {})).toHaveLength(FILES.length);
  });

  it.each(['0/8', '9/8', '3', '3/8/1', 'three', ''])('is refused: %s', (part) => {
    expect(() => filesOfPart(part, FILES, SECONDS)).toThrow('such as 3/8');
  });

  it('is another on each of eight days, and the same for a whole day', () => {
    const days = Array.from({ length: 8 }, (_, at) =>
      partOfDay(new Date(Date.UTC(2028, 1, 25 + at))),
    );

    expect(days.toSorted()).toEqual(EIGHT);
    expect(partOfDay(new Date('2028-02-25T23:59:59Z'))).toBe(days[0]);
  });
});
