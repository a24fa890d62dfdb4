import { timesOf, timeTables } from '../test-times.mjs';

const result = (name: string, seconds: number) => ({
  name: `/x/libs/y/src/${name}.spec.ts`,
  startTime: 5_000,
  endTime: 5_000 + seconds * 1_000,
});

describe('timeTables', () => {
  it('has each project of each stage with the sum of its files, longest first', () => {
    const times = [
      ...timesOf('unit', 'kernel', { testResults: [result('amount', 1.5), result('asset', 2)] }),
      ...timesOf('integration', 'ledger', { testResults: [result('holds.int', 61.26)] }),
    ];

    expect(timeTables(times).slice(1, 4)).toEqual([
      'Seconds of projects (the sum of their test files):',
      '     61.3  integration  ledger',
      '      3.5  unit         kernel',
    ]);
  });

  it('has the ten slowest files', () => {
    const testResults = Array.from({ length: 14 }, (_, at) => result(`file${at}`, at));

    const lines = timeTables(timesOf('unit', 'kernel', { testResults }));

    expect(lines.slice(-11)).toEqual([
      'Slowest test files:',
      ...[13, 12, 11, 10, 9, 8, 7, 6, 5, 4].map(
        (at) => `${at.toFixed(1).padStart(9)}  file${at}.spec.ts`,
      ),
    ]);
  });

  it('is empty without a report', () => {
    expect(timeTables([])).toEqual([]);
  });
});
