import { countReport } from '../jest-reports.mjs';
import { filesToRunAgain, MAX_FILES_RUN_AGAIN, mergedReport } from '../second-run.mjs';

interface Result {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages?: readonly string[];
  }[];
}

const passed: Result = {
  name: '/x/holds.int.spec.ts',
  status: 'passed',
  message: '',
  assertionResults: [
    { status: 'passed', fullName: 'a hold is placed' },
    { status: 'pending', fullName: 'a hold waits' },
  ],
};

const failed = (name: string, failure = 'Error: expected 1, received 2'): Result => ({
  name: `/x/${name}.int.spec.ts`,
  status: 'failed',
  message: failure,
  assertionResults: [
    { status: 'failed', fullName: `${name} fails`, failureMessages: [failure] },
    { status: 'passed', fullName: `${name} passes` },
  ],
});

const notLoaded: Result = {
  name: '/x/broken.int.spec.ts',
  status: 'failed',
  message: 'Cannot find module',
  assertionResults: [],
};

function report(...testResults: Result[]) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  return {
    success: testResults.every(({ status }) => status === 'passed'),
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: 0,
    numRuntimeErrorTestSuites: testResults.filter(
      (result) => result.status === 'failed' && result.assertionResults.length === 0,
    ).length,
    testResults,
  };
}

describe('filesToRunAgain', () => {
  it('names the failed spec files of each project', () => {
    const reports = { ledger: report(passed, failed('captures')), money: report(passed) };

    expect(filesToRunAgain('integration', reports)).toEqual([
      { project: 'ledger', files: ['/x/captures.int.spec.ts'] },
    ]);
  });

  it.each(['unit', 'vectors', 'faults'])('names none of %s tests', (kind) => {
    expect(filesToRunAgain(kind, { ledger: report(failed('captures')) })).toEqual([]);
  });

  it('names none where more files failed than a slow machine explains', () => {
    const many = Array.from({ length: MAX_FILES_RUN_AGAIN + 1 }, (_, at) => failed(`file${at}`));

    expect(filesToRunAgain('integration', { ledger: report(...many) })).toEqual([]);
    expect(
      filesToRunAgain('integration', { ledger: report(...many.slice(1)) })[0]?.files,
    ).toHaveLength(MAX_FILES_RUN_AGAIN);
  });

  it('names none where a property has a counterexample', () => {
    const property = failed('saga', 'Error: Property failed after 3 tests\n{ seed: 1 }');

    expect(filesToRunAgain('integration', { ledger: report(property) })).toEqual([]);
  });

  it('names none where a runner left no report', () => {
    expect(
      filesToRunAgain('e2e', { ledger: report(failed('captures')), money: undefined }),
    ).toEqual([]);
  });
});

describe('mergedReport', () => {
  it('counts the second run in place of the first', () => {
    const captures = failed('captures');
    const second: Result = {
      ...captures,
      status: 'passed',
      assertionResults: captures.assertionResults.map((test) => ({ ...test, status: 'passed' })),
    };

    expect(countReport(mergedReport(report(passed, captures), report(second)))).toMatchObject({
      passed: 3,
      failed: 0,
      skipped: 1,
      failures: [],
    });
  });

  it('stays failed where the second run fails too, or loads no file', () => {
    const first = report(passed, failed('captures'), notLoaded);

    const merged = countReport(mergedReport(first, report(failed('captures'), notLoaded)));

    expect(merged).toMatchObject({ passed: 2, failed: 2, skipped: 1 });
  });
});
