// Counts what Jest wrote under reports/<kind>/<project>.json.
import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

export const NOTHING = Object.freeze({
  passed: 0,
  failed: 0,
  skipped: 0,
  failures: [],
  omissions: [],
});

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

/** The line that says why a runner itself failed. */
export function noteOf(kind, project) {
  return `reports/${kind}/${project}.note.txt`;
}

/** What went wrong with runners, though not with tests. */
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

/** The tests of one file that failed, each with the first lines of its cause. */
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

/** What was expected and what came, without colours and without the frames inside of libraries. */
function causeOf(messages) {
  const lines = messages.flatMap((message) => stripVTControlCharacters(message).split('\n'));
  return lines
    .filter((line) => line.trim() !== '' && !/^\s+at .*node_modules/.test(line))
    .slice(0, LINES_OF_A_CAUSE)
    .map((line) => `      ${line}`);
}

/** Tests that were skipped or are only planned, by name. */
function omissionsOf({ assertionResults }) {
  return assertionResults
    .filter(({ status }) => status === 'pending' || status === 'todo')
    .map((test) => test.fullName);
}

function firstLine(message) {
  const lines = message.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('●')) ?? 'could not be run';
}
