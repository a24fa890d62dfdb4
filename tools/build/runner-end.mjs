// How a test runner ended, in one line of plain words for whoever reads the log of a machine that is gone.

/** What is wrong with this end: a signal, no start, or no report. Undefined when the report tells everything. */
export function faultOfRunner({ status, signal, error }, hasReport) {
  const left = hasReport ? 'left a report' : 'left no report';
  if (error?.code === 'ETIMEDOUT') return `the test runner did not end in time and ${left}`;
  if (error && error.code !== 'ENOBUFS')
    return `the test runner could not be run (${error.message}) and ${left}`;
  if (error)
    return `the test runner was ended because it wrote more than is kept of its output, and ${left}`;
  if (signal)
    return `the test runner was ended by ${signal} and ${left}${signal === 'SIGKILL' ? '; a machine short of memory does that' : ''}`;
  return hasReport ? undefined : `the test runner ended with exit code ${status} and ${left}`;
}

/** The last lines, where a program says why it gives up. */
export function endOf(text, lines) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
