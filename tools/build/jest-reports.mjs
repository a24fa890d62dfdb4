// Counts Jest's results in reports/<kind>/<project>.json.
import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

export const NOTHING = Object.freeze({
  passed: 0,
  failed: 0,
  skipped: 0,
  failures: [],
  omissions: [],
});

/** Counts of a report. A test file with a load error counts as a failed test. */
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

/** Counts of a project; a runner without a report counts as a failed test. */
export function countProject(kind, project) {
  const file = `reports/${kind}/${project}.json`;
  if (!existsSync(file))
    return {
      ...NOTHING,
      failed: 1,
      failures: [`${project}: the test runner ended without a report`],
    };
  const counts = countReport(JSON.parse(readFileSync(file, 'utf8')));
  const named = (tests) => tests.map((test) => `${project}: ${test}`);
  return { ...counts, failures: named(counts.failures), omissions: named(counts.omissions) };
}

/** File with the reason for a failure of the runner. */
export function noteOf(kind, project) {
  return `reports/${kind}/${project}.note.txt`;
}

/** Faults of runners, not of tests. */
export function notesOf(kind, projects) {
  return projects.flatMap((project) =>
    existsSync(noteOf(kind, project))
      ? [`${project}: ${readFileSync(noteOf(kind, project), 'utf8')}`]
      : [],
  );
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

/** Failed tests of a file, each with the first lines of the cause. */
function failuresOf({ name, status, message, assertionResults }) {
  const failed = assertionResults
    .filter((test) => test.status === 'failed')
    .map(({ fullName, failureMessages = [] }) =>
      [fullName, ...causeOf(failureMessages)].join('\n'),
    );
  if (failed.length > 0 || status !== 'failed') return failed;
  return [`${name.split('/').at(-1)}: ${firstLine(message)}`];
}

const LINES_OF_A_CAUSE = 15;

/** Expected and received values, without colours and without stack frames of libraries. */
function causeOf(messages) {
  const lines = messages.flatMap((message) => stripVTControlCharacters(message).split('\n'));
  return lines
    .filter((line) => line.trim() !== '' && !/^\s+at .*node_modules/.test(line))
    .slice(0, LINES_OF_A_CAUSE)
    .map((line) => `      ${line}`);
}

/** Names of skipped and planned tests. */
function omissionsOf({ assertionResults }) {
  return assertionResults
    .filter(({ status }) => status === 'pending' || status === 'todo')
    .map((test) => test.fullName);
}

function firstLine(message) {
  const lines = message.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('●')) ?? 'could not be run';
}
