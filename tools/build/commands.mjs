// Implements the npm scripts under the pinned Node: builds the necessary projects, and becomes the
// requested program.
import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inTurn } from './build-lock.mjs';
import { isBuilt, noteBuilt } from './built.mjs';
import { runChild } from './child.mjs';
import { billOfMaterials } from './sbom.mjs';
import { runStages } from './test-stages.mjs';
import { setVersion } from './version.mjs';

/** All existing services; tools/stack decides the services to run. */
const APPS = globSync('apps/*/project.json')
  .map((file) => basename(dirname(file)))
  .sort();

const COMMANDS = {
  start: (args) => program('tools/stack', ['stack', ...APPS], args, 'start/main.js'),
  stack: (args) => program('tools/stack', ['stack', ...APPS], args),
  nemesis: (args) => program('tools/nemesis', ['nemesis', ...APPS], args),
  drill: (args) => program('tools/nemesis', ['nemesis', ...APPS], args, 'drill.js'),
  roll: (args) => program('tools/nemesis', ['nemesis', ...APPS], ['roll', ...args], 'roll/main.js'),
  upgrade: (args) =>
    program('tools/nemesis', ['nemesis', ...APPS], ['upgrade', ...args], 'roll/main.js'),
  cluster: (args) => program('tools/cluster', ['cluster', ...APPS], args),
  bench: (args) => program('tools/bench', ['bench', ...APPS], args),
  reference: (args) => program('tools/repo', ['repo', 'intake-api'], args, 'reference/main.js'),
  monitoring: (args) => program('tools/repo', ['repo', ...APPS], args, 'monitoring/main.js'),
  sluice: (args) => program('tools/cli', ['cli'], args),
  simulator: (args) => program('apps/venue-simulator', ['venue-simulator'], args),
  'simulators:clients': (args) =>
    program('tools/examples', ['examples', 'venue-simulator'], args, 'simulator-clients/main.js'),
  build: (args) => nx('run-many', '-t', 'build', ...args),
  format: (args) => nx('run', 'workspace:format', ...args),
  lint: (args) => nx('run', 'workspace:lint', ...args),
  typecheck: (args) => nx('run', 'workspace:typecheck', ...args),
  images: (args) => build([...APPS, 'cli']) || images(args),
  release: (args) => build([...APPS, 'cli']) || release(args),
  'release:version': ([version]) => releaseVersion(version),
  sbom: () => console.log(JSON.stringify(billOfMaterials(), null, 2)),
  test: (args) => runStages(args),
  'test:faults': () => runStages(['faults', '--part', '1/1']),
  'test:unit': () => runStages(['unit']),
  'test:vectors': () => runStages(['vectors']),
};

const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) {
  console.error(`sluice: no such command: ${name}; there are ${Object.keys(COMMANDS).join(', ')}`);
  process.exitCode = 2;
} else {
  const result = await orFailure(() => command(args));
  if (typeof result === 'function') await result();
  else if (result) process.exitCode = result;
}

/**
 * Builds quietly, because standard output belongs to the program. Returns the program, which
 * continues in this process and prints its own failures, or the exit code of a failed build.
 */
async function program(folder, projects, args, file = 'main.js') {
  const main = `${folder}/dist/${file}`;
  if (!isBuilt(projects, main)) {
    const code = await inTurn('.nx/build.lock', () => ensureBuilt(projects, main));
    if (code !== 0) return code;
  }
  process.setSourceMapsEnabled(true);
  process.argv.splice(1, process.argv.length, main, ...args);
  return () => import(pathToFileURL(main).href);
}

/** Checks again: another process may have finished the build just now. */
function ensureBuilt(projects, main) {
  if (isBuilt(projects, main)) return 0;
  const code = build(projects);
  if (code === 0) noteBuilt(projects);
  return code;
}

function build(projects) {
  const { status, stdout, stderr } = runChild(
    'nx',
    ['run-many', '-t', 'build', '-p', projects.join(','), '--output-style=static'],
    { encoding: 'utf8' },
  );
  if (status !== 0) console.error(`${stdout}${stderr}\nsluice: the build failed`);
  return status ?? 1;
}

/** Returns the result of a command, or exit code 1 after a printed failure. */
async function orFailure(work) {
  try {
    return await work();
  } catch (error) {
    console.error(`sluice: ${error.message}`);
    return 1;
  }
}

/** Some modules exist only after the build, and are imported late. */
async function images(args) {
  const { buildImages } = await import('./images.mjs');
  buildImages(args);
}

async function release(args) {
  const { release: run } = await import('./release.mjs');
  await run(args);
}

function releaseVersion(version) {
  const changed = setVersion(version);
  console.log(`${version} is now the version of ${changed.length} files`);
}

function nx(...args) {
  return runChild('nx', args, { stdio: 'inherit' }).status ?? 1;
}
