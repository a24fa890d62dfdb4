// Describes the end of a test runner in a single plain line, for readers of the log of a vanished
// machine.

/**
 * Fault of the runner's end: a signal, a failed start, or a missing report. Undefined if the report
 * is complete.
 */
export function faultOfRunner(end, hasReport) {
  const { status, signal, error } = end;
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

/** Last lines, usually with the reason for a program's failure. */
export function endOf(text, lines) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
