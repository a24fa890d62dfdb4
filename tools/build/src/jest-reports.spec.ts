import { addUp, countProject, countReport } from '../jest-reports.mjs';

const PASSED = { status: 'passed', fullName: 'money adds' };
const FAILED = { status: 'failed', fullName: 'money subtracts' };

function aReport(changes: object = {}) {
  const counts = {
    numPassedTests: 1,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
  };
  return {
    success: true,
    ...counts,
    testResults: [
      { name: '/x/money.spec.ts', status: 'passed', message: '', assertionResults: [PASSED] },
    ],
    ...changes,
  };
}

describe('countReport', () => {
  it('counts skipped and planned tests as skipped, not as passed', () => {
    const skipped = [
      { status: 'pending', fullName: 'money waits' },
      { status: 'todo', fullName: 'money grows' },
    ];
    const testResults = [
      {
        name: '/x/money.spec.ts',
        status: 'passed',
        message: '',
        assertionResults: [PASSED, ...skipped],
      },
    ];

    expect(countReport(aReport({ numPendingTests: 2, numTodoTests: 3, testResults }))).toEqual({
      passed: 1,
      failed: 0,
      skipped: 5,
      failures: [],
      omissions: ['money waits', 'money grows'],
    });
  });

  it('names the tests that failed', () => {
    const testResults = [
      {
        name: '/x/money.spec.ts',
        status: 'failed',
        message: '',
        assertionResults: [PASSED, FAILED],
      },
    ];

    expect(countReport(aReport({ success: false, numFailedTests: 1, testResults }))).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: ['money subtracts'],
      omissions: [],
    });
  });

  it('gives the first lines of the cause, without colours and without frames of libraries', () => {
    const failureMessages = [
      '\u001b[31mError: expected 1\u001b[39m\n\n    at x (/a/node_modules/jest/x.js:1:1)\n    at money.spec.ts:3:1',
    ];
    const testResults = [
      {
        name: '/x/money.spec.ts',
        status: 'failed',
        message: '',
        assertionResults: [{ ...FAILED, failureMessages }],
      },
    ];

    const { failures } = countReport(aReport({ success: false, numFailedTests: 1, testResults }));

    expect(failures).toEqual([
      'money subtracts\n      Error: expected 1\n          at money.spec.ts:3:1',
    ]);
  });

  it('counts a file that could not be loaded as one failed test and says why', () => {
    const testResults = [
      {
        name: '/x/money.spec.ts',
        status: 'failed',
        message: '  ● Test suite failed to run\n\n    Cannot find module',
        assertionResults: [],
      },
    ];

    const counts = countReport(
      aReport({ success: false, numRuntimeErrorTestSuites: 1, testResults }),
    );

    expect(counts).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: ['money.spec.ts: Cannot find module'],
      omissions: [],
    });
  });

  it('never takes a run for passed that Jest itself calls a failure', () => {
    expect(countReport(aReport({ success: false })).failed).toBe(1);
  });
});

describe('countProject', () => {
  it('counts a runner that left no report as one failed test', () => {
    expect(countProject('unit', 'no-such-project')).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('addUp', () => {
  it('adds every count and keeps every name', () => {
    const one = { passed: 1, failed: 2, skipped: 3, failures: ['a'], omissions: ['c'] };

    expect(addUp([one, { ...one, failures: ['b'] }])).toEqual({
      passed: 2,
      failed: 4,
      skipped: 6,
      failures: ['a', 'b'],
      omissions: ['c', 'c'],
    });
  });
});
