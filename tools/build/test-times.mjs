// Times of projects and test files, from Jest's reports.

const SLOWEST = 10;

/** Seconds of each test file in a project's report. An unchanged project has the report of an earlier run. */
export function timesOf(stage, project, { testResults }) {
  return testResults.map(({ name, startTime, endTime }) => ({
    stage,
    project,
    file: name.split('/').at(-1),
    seconds: (endTime - startTime) / 1_000,
  }));
}

/**
 * Lines of two tables: projects by seconds, and the slowest files. The seconds of a project are the
 * sum of the project's files.
 */
export function timeTables(times) {
  const projects = Map.groupBy(times, ({ stage, project }) => `${stage.padEnd(13)}${project}`);
  const sums = [...projects].map(([title, files]) => ({
    title,
    seconds: files.reduce((sum, { seconds }) => sum + seconds, 0),
  }));
  const slowest = times.map(({ file, seconds }) => ({ title: file, seconds }));
  return [
    ...table('Seconds of projects (the sum of their test files):', bySeconds(sums)),
    ...table('Slowest test files:', bySeconds(slowest).slice(0, SLOWEST)),
  ];
}

function bySeconds(rows) {
  return rows.toSorted((one, other) => other.seconds - one.seconds);
}

function table(title, rows) {
  if (rows.length === 0) return [];
  return ['', title, ...rows.map((row) => `${row.seconds.toFixed(1).padStart(9)}  ${row.title}`)];
}
