import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countFuzz, countJunit } from '../fuzz-report.mjs';

const JUNIT = `<?xml version="1.0"?>
<testsuites><testsuite name="schemathesis">
<testcase name="GET /v1/balances" time="1.0"/>
<testcase name="POST /v1/withdrawals" time="2.0"><failure type="failure" message="x">1. Server error

    &lt;500&gt; &amp; more</failure></testcase>
<testcase name="GET /v1/_ping"><skipped message="none"/></testcase>
<testcase name="Stateful tests"><error message="broken"/></testcase>
</testsuite></testsuites>`;

describe('what the generator of requests counts for', () => {
  it('is each test case of its report, failures with the first lines of their cause', () => {
    expect(countJunit(JUNIT)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 1,
      failures: [
        'fuzz: POST /v1/withdrawals\n      1. Server error\n          <500> & more',
        'fuzz: Stateful tests',
      ],
      omissions: ['fuzz: GET /v1/_ping'],
    });
  });

  it('is a failed test where the report has none', () => {
    expect(countJunit('<testsuites></testsuites>')).toMatchObject({ passed: 0, failed: 1 });
  });

  it('is a skipped test where it could not be run, and a failed one where it left or proved nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-report-'));
    try {
      expect(countFuzz(folder)).toMatchObject({ passed: 0, failed: 1 });
      writeFileSync(join(folder, 'junit.xml'), JUNIT);
      expect(countFuzz(folder)).toMatchObject({ passed: 1, failed: 2, skipped: 1 });
      writeFileSync(join(folder, 'report.json'), '{"failed":"nothing was taken"}');
      expect(countFuzz(folder)).toMatchObject({
        passed: 0,
        failed: 1,
        failures: ['fuzz: nothing was taken'],
      });
      writeFileSync(join(folder, 'report.json'), '{"skipped":"no Python"}');
      expect(countFuzz(folder)).toMatchObject({
        failed: 0,
        skipped: 1,
        omissions: ['fuzz: no Python'],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
