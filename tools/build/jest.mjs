// Runs one kind of test of one project and leaves Jest's own report under reports/, for the summary to count:
// `node tools/build/jest.mjs unit libs/money [more Jest arguments]`.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';

const [kind, project, ...rest] = process.argv.slice(2);
if (!kind || !project) throw new Error('usage: node tools/build/jest.mjs KIND PROJECT_FOLDER');

mkdirSync(`reports/${kind}`, { recursive: true });

// Jest adds `import` or `require` by itself, per caller. Listed here, `import` would send require() of pg-pool to its ES module.
const conditions = JSON.stringify({ customExportConditions: ['@sluice/source', 'node', 'node-addons'] });

const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js',
    '--config', 'jest.config.mjs', '--rootDir', project, '--passWithNoTests', '--runInBand',
    '--json', '--outputFile', `reports/${kind}/${basename(project)}.json`, '--testEnvironmentOptions', conditions, ...rest,
  ],
  { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, SLUICE_TESTS: kind } },
);
process.exit(status ?? 1);
