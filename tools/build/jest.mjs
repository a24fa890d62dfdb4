// Runs a kind of test of a project and leaves Jest's own report under reports/ for the summary:
// `node tools/build/jest.mjs unit libs/kernel [more Jest arguments]`.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { filesOfPart } from './fault-parts.mjs';
import { noteOf } from './jest-reports.mjs';
import { runRunner } from './run-runner.mjs';
import { endOf, faultOfRunner } from './runner-end.mjs';

const [kind, project, ...rest] = process.argv.slice(2);
if (!kind || !project) throw new Error('usage: node tools/build/jest.mjs KIND PROJECT_FOLDER');

/** Set by the stage of a part of the fault tests. */
const part = kind === 'faults' ? process.env.SLUICE_FAULTS_PART : undefined;
if (part !== undefined)
  rest.push(
    '--runTestsByPath',
    ...filesOfPart(part).filter((file) => file.startsWith(`${project}/`)),
  );

const report = `reports/${kind}/${basename(project)}.json`;
mkdirSync(`reports/${kind}`, { recursive: true });
for (const left of [report, noteOf(kind, basename(project))]) rmSync(left, { force: true });

/**
 * Processes of a project's test files, for two cores. Each process has its own PostgreSQL and Kafka,
 * which its files share. Files of connectors and of the auditor need a tenth of a core, because they
 * wait for venues and readings; the files of our own wallet also run chains and signers. The other
 * projects here have the most files.
 */
const WAITING = { integration: 3, faults: 2 };
const WORKERS = {
  unit: { 'tools/repo': 2 },
  e2e: { 'tools/e2e': 4, 'tools/bench': 2 },
  integration: {
    'apps/connector-evm': 2,
    'apps/intake-api': 2,
    'apps/ledger': 2,
    'apps/webhooks': 2,
    'libs/connector-engine': 2,
    'libs/kafka': 2,
  },
};
const isWaiting = /^apps\/(connector-|auditor)/.test(project);
const count = WORKERS[kind]?.[project] ?? ((isWaiting && WAITING[kind]) || 1);
const workers = count > 1 ? `--maxWorkers=${count}` : '--runInBand';

// kafkajs leaks the connection to a changed coordinator, and Jest would wait for the connection
// forever. The servers of passed tests end with their process.
const exitOptions = kind === 'unit' ? [] : ['--forceExit'];
/** Four times the longest run on a quiet machine. */
const LIMIT_MS = 40 * 60_000;
/** Time for a runner to end after writing the report. */
const GRACE_MS = 30_000;

// Nx requests colours through FORCE_COLOR, but programs started by tests would obey as well: only
// Jest gets the setting. With workers, Jest gets no setting, because Jest passes FORCE_COLOR on to
// workers.
const { FORCE_COLOR, ...env } = process.env;
const colours = FORCE_COLOR && workers === '--runInBand' ? ['--colors'] : [];

// The suppressed warning reports experimental ES modules in Jest's contexts, as requested by the
// first flag.
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
  writeFileSync(noteOf(kind, basename(project)), note); // read by the summary
}
process.exit(status);

/**
 * Nx holds a task's output back until the end. Under Nx, a passing project needs a single line, and
 * a failing project needs all lines.
 */
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
