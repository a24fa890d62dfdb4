import { countNemesis, countRun } from '../nemesis-report.mjs';

const REPORT = {
  title: 'seed 15',
  verdict: '10 asked, 10 paid once',
  holds: true,
  skipped: [],
};

describe('what the nemesis counts for', () => {
  it('one test, passed when the verdict holds', () => {
    expect(countRun(REPORT)).toMatchObject({ passed: 1, failed: 0, skipped: 0 });
  });

  it('one failed test otherwise, named with its verdict', () => {
    expect(countRun({ ...REPORT, holds: false, verdict: '10 asked, 1 twice' })).toMatchObject({
      failed: 1,
      failures: ['nemesis: seed 15: 10 asked, 1 twice'],
    });
  });

  it('a skipped one for a fault that the machine cannot play', () => {
    expect(countRun({ ...REPORT, skipped: ['disk: no tmpfs'] })).toMatchObject({
      passed: 1,
      skipped: 1,
      omissions: ['nemesis: disk: no tmpfs'],
    });
  });

  it('a failed one where there is no report', () => {
    expect(countNemesis('/nowhere/report.json')).toMatchObject({ passed: 0, failed: 1 });
  });
});
