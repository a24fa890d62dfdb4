import { summary } from '../test-summary.mjs';

describe('summary', () => {
  const unit = {
    name: 'unit',
    passed: 10,
    failed: 1,
    skipped: 2,
    failures: ['money: money adds'],
    omissions: ['money: money waits'],
    mishaps: ['kafka: it did not end'],
    again: ['ledger: a hold is placed'],
    times: [{ stage: 'unit', project: 'kernel', file: 'amount.spec.ts', seconds: 0.81 }],
    seconds: 1.26,
  };
  const e2e = {
    name: 'e2e',
    passed: 0,
    failed: 0,
    skipped: 0,
    failures: [],
    omissions: [],
    seconds: 0,
    note: 'not run: the build failed',
  };

  it('ends with one line of counts that a script can read', () => {
    expect(summary([unit, e2e]).split('\n').at(-1)).toBe('10 passed, 1 failed, 2 skipped');
  });

  it('names each failure, each skipped test, each test that ran again and each stage, also one that was not run', () => {
    const text = summary([unit, e2e]);

    expect(text).toContain('✗ money: money adds');
    expect(text).toContain('○ money: money waits');
    expect(text).toContain('! kafka: it did not end');
    expect(text).toContain('↻ ledger: a hold is placed');
    expect(text).toMatch(/^ +0\.8  unit +kernel$/m);
    expect(text).toMatch(/^ +0\.8  amount\.spec\.ts$/m);
    expect(text).toMatch(/^unit +10 +1 +2 +1\.3$/m);
    expect(text).toMatch(/^e2e +0 +0 +0 +0\.0  not run: the build failed$/m);
  });
});
