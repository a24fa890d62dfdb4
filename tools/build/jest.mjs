// Runs one kind of test of one project and leaves Jest's own report under reports/, for the summary to count:
// `node tools/build/jest.mjs unit libs/money [more Jest arguments]`.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { noteOf } from './jest-reports.mjs';
import { runRunner } from './run-runner.mjs';
import { endOf, faultOfRunner } from './runner-end.mjs';

const [kind, project, ...rest] = process.argv.slice(2);
if (!kind || !project) throw new Error('usage: node tools/build/jest.mjs KIND PROJECT_FOLDER');

const report = `reports/${kind}/${basename(project)}.json`;
mkdirSync(`reports/${kind}`, { recursive: true });
for (const left of [report, noteOf(kind, basename(project))]) rmSync(left, { force: true });

/**
 * Files of e2e mostly wait, each with a system of its own. Those of other kinds share servers within their one process; connector-evm has the
 * longest integration tests, which mostly wait for blocks.
 */
const hasTwoWorkers =
  kind === 'e2e' || (project === 'apps/connector-evm' && ['integration', 'faults'].includes(kind));
const workers = hasTwoWorkers ? '--maxWorkers=2' : '--runInBand';

// kafkajs forgets, open, the connection to a coordinator that has changed, and Jest would wait for it for ever. The servers of tests that
// passed end with their process.
const exitOptions = kind === 'unit' ? [] : ['--forceExit'];
/** Four times what the longest takes on a quiet machine. */
const LIMIT_MS = 40 * 60_000;
/** In which a runner that has left its report has to end. */
const GRACE_MS = 30_000;

// Nx asks for colours through FORCE_COLOR, which programs that a test starts would obey as well: Jest alone gets the setting.
// Not where it has workers, for to them it says so through FORCE_COLOR again.
const { FORCE_COLOR, ...env } = process.env;
const colours = FORCE_COLOR && workers === '--runInBand' ? ['--colors'] : [];

// It says that ES modules in Jest's contexts are experimental, which is what the flag before it asks for.
const asked = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

const end = await runRunner(
  process.execPath,
  [
    ...asked,
    'node_modules/jest/bin/jest.js',
    '--config',
    'jest.config.mjs',
    '--rootDir',
    project,
    '--passWithNoTests',
    workers,
    ...exitOptions,
    '--json',
    '--outputFile',
    report,
    ...colours,
    ...rest,
  ],
  {
    report,
    limitMs: LIMIT_MS,
    graceMs: GRACE_MS,
    env: { ...env, SLUICE_TESTS: kind },
    showsOutput: !underNx(),
  },
);
const fault = end.lingered === null ? faultOfRunner(end, existsSync(report)) : undefined;
const status =
  end.lingered === null
    ? end.status || Number(fault !== undefined)
    : Number(!JSON.parse(readFileSync(report, 'utf8')).success);
const note =
  fault ??
  (end.lingered === null
    ? undefined
    : `the test runner wrote its report and did not end; its threads: ${end.lingered || 'unknown'}`);
if (underNx()) process.stderr.write(output());
if (note) {
  process.stderr.write(`${project}: ${note}\n`);
  writeFileSync(noteOf(kind, basename(project)), note); // for the summary
}
process.exit(status);

/** Nx holds a task's output back until its end: there a project that passes needs one line, one that fails all of them. */
function underNx() {
  return process.env.NX_TASK_TARGET_PROJECT !== undefined;
}

function output() {
  if (fault) return `${endOf(end.stderr ?? '', 200)}\n`;
  return status === 0 ? oneLine() : (end.stderr ?? '');
}

function oneLine() {
  const { numPassedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  return `${project}: ${numPassedTests} passed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}\n`;
}
