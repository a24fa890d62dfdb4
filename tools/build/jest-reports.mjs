// Counts what Jest wrote under reports/<kind>/<project>.json.
import { existsSync, readFileSync } from 'node:fs';

export const NOTHING = Object.freeze({ passed: 0, failed: 0, skipped: 0, failures: [], omissions: [] });

/** One report's counts. A file of tests that could not even be loaded counts as one failed test. */
export function countReport(report) {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(failuresOf),
    omissions: report.testResults.flatMap(omissionsOf),
  };
}

/** A project's counts; a runner that died without leaving a report counts as one failed test. */
export function countProject(kind, project) {
  const file = `reports/${kind}/${project}.json`;
  if (!existsSync(file)) return { ...NOTHING, failed: 1, failures: [`${project}: the test runner ended without a report`] };
  const counts = countReport(JSON.parse(readFileSync(file, 'utf8')));
  const named = (tests) => tests.map((test) => `${project}: ${test}`);
  return { ...counts, failures: named(counts.failures), omissions: named(counts.omissions) };
}

export function addUp(counts) {
  return counts.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
      failures: [...sum.failures, ...one.failures],
      omissions: [...sum.omissions, ...one.omissions],
    }),
    NOTHING,
  );
}

function failuresOf({ name, status, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
  if (failed.length > 0 || status !== 'failed') return failed;
  return [`${name.split('/').at(-1)}: ${firstLine(message)}`];
}

/** Tests that were skipped or are only planned, by name. */
function omissionsOf({ assertionResults }) {
  return assertionResults.filter(({ status }) => status === 'pending' || status === 'todo').map((test) => test.fullName);
}

function firstLine(message) {
  const lines = message.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('●')) ?? 'could not be run';
}
