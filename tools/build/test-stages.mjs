// `npm test` runs the stages, fast stages first. A failing stage does not stop the next stage. The
// check of types uses one core, and the last stages mostly wait: the first and the last stages run in
// two lanes at once. The last lanes need a finished build: two builds at once would write the same
// files.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { EVERYTHING, noteBuilt } from './built.mjs';
import { runChild, startChild } from './child.mjs';
import { filesOfPart, partOfDay } from './fault-parts.mjs';
import { countFuzz } from './fuzz-report.mjs';
import { addUp, countProject, countReport, NOTHING, notesOf } from './jest-reports.mjs';
import { countNemesis } from './nemesis-report.mjs';
import { filesToRunAgain, mergedReport } from './second-run.mjs';
import { summary } from './test-summary.mjs';
import { timesOf } from './test-times.mjs';

const FIRST_LANES = [
  [
    { name: 'format', run: () => check('format', ['run', 'workspace:format']) },
    { name: 'lint', run: () => check('lint', ['run', 'workspace:lint']) },
  ],
  [{ name: 'typecheck', run: () => check('typecheck', ['run', 'workspace:typecheck']) }],
];
const STAGES = [
  { name: 'unit', run: () => tests('unit') },
  { name: 'vectors', run: () => tests('vectors') },
  { name: 'build', run: build },
  { name: 'integration', needs: 'build', run: () => tests('integration') },
  { name: 'e2e', needs: 'build', run: () => tests('e2e') },
];
const LAST_LANES = [
  [{ name: 'nemesis', needs: 'build', run: nemesis }],
  [
    { name: 'faults', needs: 'build', run: faults },
    { name: 'fuzz', needs: 'build', run: fuzz },
  ],
];

/**
 * Runs the stages named on the command line, or all stages, prints the summary, and gives the exit
 * code. `--part` names the part of the fault tests; otherwise the day decides.
 */
export async function runStages(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { part: { type: 'string', default: partOfDay(new Date()) } },
  });
  const names = [...FIRST_LANES.flat(), ...STAGES, ...LAST_LANES.flat()].map(({ name }) => name);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`sluice: no such stage: ${unknown.join(', ')}; there are ${names.join(', ')}`);
    return 2;
  }
  filesOfPart(values.part); // throws for a wrong option before the first stage
  const results = [];
  const inTurn = async (stages) => {
    for (const stage of stages)
      if (positionals.length === 0 || positionals.includes(stage.name))
        results.push(await runStage(stage, results, values));
  };
  await Promise.all(FIRST_LANES.map(inTurn));
  await inTurn(STAGES);
  await Promise.all(LAST_LANES.map(inTurn));
  console.log(summary(results));
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

async function runStage({ name, needs, run }, earlier, options) {
  if (needs && earlier.some((result) => result.name === needs && result.failed > 0)) {
    return { name, ...NOTHING, seconds: 0, note: `not run: the ${needs} failed` };
  }
  console.log(`\n── ${name} ${'─'.repeat(72 - name.length)}`);
  const since = Date.now();
  const counts = await countsOf(name, () => run(options));
  return { name, ...counts, seconds: (Date.now() - since) / 1000 };
}

/** A program that cannot start fails the stage; the other stages still run. */
async function countsOf(name, run) {
  try {
    return await run();
  } catch (error) {
    return { ...NOTHING, failed: 1, failures: [`${name}: ${error.message}`] };
  }
}

/** Counts a check of the whole repository as a single test. */
async function check(name, nxArgs) {
  const passed = await nx(nxArgs);
  return passed
    ? { ...NOTHING, passed: 1 }
    : { ...NOTHING, failed: 1, failures: [`${name}: see its output above`] };
}

/**
 * A successful build counts as no test; a failed build is a failure. Programs started by tests must
 * not build concurrently.
 */
async function build() {
  if (!(await nx(['run-many', '-t', 'build'])))
    return { ...NOTHING, failed: 1, failures: ['build: see its output above'] };
  noteBuilt(EVERYTHING);
  return NOTHING;
}

/** Sends generated requests of the published document for a minute; skipped without Python. */
async function fuzz() {
  rmSync('reports/fuzz', { recursive: true, force: true });
  await startChild(process.execPath, ['--enable-source-maps', 'tools/e2e/dist/fuzz/main.js']);
  return countFuzz('reports/fuzz');
}

/**
 * Two minutes of a single seed that has every listed group of faults. Other seeds are a separate
 * command. Restores, full disks and lying venues are separate as well, because the effects take
 * several more minutes.
 */
const NEMESIS_FAULTS = 'kill,freeze,chain,network,database,broker,log-loss,corruption,group-reset';
const NEMESIS = ['--seed', '19', '--minutes', '2', '--rate', '6', '--faults', NEMESIS_FAULTS];

/**
 * A safety rule is removed; a fixed run has to turn red without the rule, and ends at the first
 * double payment.
 */
const WITHOUT = ['--without', 'refusal-waits-for-listing'];

async function nemesis() {
  rmSync('reports/nemesis', { recursive: true, force: true });
  mkdirSync('reports/nemesis', { recursive: true });
  return addUp([
    await nemesisRun(NEMESIS, 'reports/nemesis/report.json'),
    await nemesisRun(WITHOUT, 'reports/nemesis/without.json'),
  ]);
}

async function nemesisRun(options, report) {
  const program = ['--enable-source-maps', 'tools/nemesis/dist/main.js'];
  const status = await startChild(process.execPath, [...program, ...options, '--json', report]);
  const counts = countNemesis(report);
  if (status === 0 || counts.failed > 0) return counts;
  return { ...counts, failed: 1, failures: [`nemesis: exit code ${status}; see its output above`] };
}

/** Runs a part of the fault tests, in the projects with files of the part. */
function faults({ part }) {
  const files = filesOfPart(part);
  console.log([`part ${part}; --part names another part`, ...files].join('\n  '));
  return tests('faults', {
    folders: foldersWith('faults').filter((folder) =>
      files.some((file) => file.startsWith(`${folder}/`)),
    ),
    env: { ...process.env, SLUICE_FAULTS_PART: part },
  });
}

/** Projects tested at once, for two cores; `jest.mjs` decides the processes of each project. */
const AT_ONCE = { unit: 3, integration: 2, faults: 3 };

/**
 * Projects of the integration stage whose tests mostly wait for venues and readings. The others need
 * the processor, and run at the same time.
 */
const WAITING = /^(connector-(?!engine)|auditor)/;

/**
 * Deletes old reports first: remaining reports come from this run, or from Nx for unchanged
 * sources.
 */
async function tests(kind, { folders = foldersWith(kind), env = process.env } = {}) {
  rmSync(`reports/${kind}`, { recursive: true, force: true });
  mkdirSync(`reports/${kind}`, { recursive: true });
  const projects = folders.map((folder) => basename(folder));
  const parallel = `--parallel=${AT_ONCE[kind] ?? 2}`;
  const ends = await Promise.all(
    lanesOf(kind, projects).map((lane) =>
      nx(['run-many', '-t', kind, '-p', lane.join(','), parallel], env),
    ),
  );
  let passed = ends.every(Boolean);
  const mishaps = notesOf(kind, projects);
  const again = passed ? [] : runFailedFilesAgain(kind, folders);
  const times = projects.flatMap((project) => {
    const report = reportOf(kind, project);
    return report ? timesOf(kind, project, report) : [];
  });
  const counts = { ...addUp(projects.map((project) => countProject(kind, project))), times };
  passed ||= again.length > 0;
  if (passed || counts.failed > 0) return { ...counts, mishaps, again };
  return { ...counts, mishaps, failed: 1, failures: [`${kind}: Nx failed; see its output above`] };
}

function lanesOf(kind, projects) {
  if (kind !== 'integration') return [projects];
  const { true: waiting = [], false: others = [] } = Object.groupBy(projects, (name) =>
    WAITING.test(name),
  );
  return [waiting, others];
}

/**
 * Runs the failed spec files once more, project by project. Returns the failures of the first run.
 */
function runFailedFilesAgain(kind, folders) {
  const folderOf = Object.fromEntries(folders.map((folder) => [basename(folder), folder]));
  const reports = Object.fromEntries(
    Object.keys(folderOf).map((project) => [project, reportOf(kind, project)]),
  );
  return filesToRunAgain(kind, reports).flatMap(({ project, files }) => {
    console.log(`\nsecond run of ${project}: ${files.map((file) => basename(file)).join(', ')}`);
    const args = [kind, folderOf[project], '--runTestsByPath', ...files];
    runChild(process.execPath, ['tools/build/jest.mjs', ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const first = reports[project];
    const second = reportOf(kind, project);
    writeFileSync(
      `reports/${kind}/${project}.json`,
      JSON.stringify(second ? mergedReport(first, second) : first),
    );
    return countReport(first).failures.map((failure) => `${project}: ${failure}`);
  });
}

function reportOf(kind, project) {
  const file = `reports/${kind}/${project}.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function foldersWith(kind) {
  return globSync('{apps,libs,tools}/*/project.json')
    .filter((file) => JSON.parse(readFileSync(file, 'utf8')).targets?.[kind])
    .map((file) => dirname(file))
    .sort((one, other) => basename(one).localeCompare(basename(other)));
}

async function nx(args, env = process.env) {
  return (await startChild('nx', [...args, '--output-style=static'], { env })) === 0;
}
