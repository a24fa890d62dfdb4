// Decides which spec files run a second time, and merges both reports. Integration and end-to-end tests use real servers and real clocks
// on a machine that other tests load. A second run, alone, separates a slow machine from a defect.

/** Kinds of tests with a possible second run: other kinds depend on no clock and no server. */
export const KINDS_RUN_AGAIN = Object.freeze(['integration', 'e2e']);

/** More failed files than this are a defect, not a slow machine. */
export const MAX_FILES_RUN_AGAIN = 6;

/**
 * Failed spec files per project, or an empty list if a second run would prove little. A second run
 * is useless if a runner left no report, too many files failed, or a property has a counterexample.
 * Other random values may pass while the defect stays.
 *
 * @param reports Jest's report per project; undefined for a runner without a report.
 */
export function filesToRunAgain(kind, reports) {
  const projects = Object.entries(reports);
  if (!KINDS_RUN_AGAIN.includes(kind) || projects.some(([, report]) => report === undefined))
    return [];
  const failed = projects.flatMap(([project, { testResults }]) => {
    const files = testResults.filter(({ status }) => status === 'failed');
    return files.length > 0 ? [{ project, files }] : [];
  });
  const files = failed.flatMap((one) => one.files);
  if (files.length > MAX_FILES_RUN_AGAIN || files.some(hasCounterexample)) return [];
  return failed.map((one) => ({ project: one.project, files: one.files.map(({ name }) => name) }));
}

function hasCounterexample({ assertionResults }) {
  return assertionResults
    .flatMap(({ failureMessages = [] }) => failureMessages)
    .some((message) => message.includes('Property failed after'));
}

/** The first report, with results of the second run replacing the results of the same files. */
export function mergedReport(first, second) {
  const again = new Set(second.testResults.map(({ name }) => name));
  const testResults = [
    ...first.testResults.filter(({ name }) => !again.has(name)),
    ...second.testResults,
  ];
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (wanted) => tests.filter(({ status }) => status === wanted).length;
  const unloaded = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const numFailedTests = count('failed');
  return {
    ...first,
    testResults,
    success: numFailedTests + unloaded === 0,
    numPassedTests: count('passed'),
    numFailedTests,
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    numRuntimeErrorTestSuites: unloaded,
  };
}
