import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { findSchemathesis } from './find-schemathesis.js';
import { fuzz } from './fuzz.js';

const USAGE = `usage: node tools/fuzz/dist/main.js [--seconds N] [--seed N] [--folder FOLDER]

Sends requests that Schemathesis makes of the served OpenAPI document to the whole system, each signed.

--seconds N        for how long requests are sent; 90 unless told
--seed N           others than usual
--folder FOLDER    where the reports go; reports/fuzz unless told`;

const { values } = argumentsOf();
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (values.help || !(seconds >= 1) || !Number.isInteger(seed)) {
  console.error(USAGE);
  process.exit(2);
}

const schemathesis = findSchemathesis();
if (schemathesis.found) {
  const { folder } = values;
  const run = { packages: schemathesis.packages, seconds, seed, folder };
  const { code, taken } = await fuzz(run);
  if (taken === 0) note({ failed: 'no request was taken: it has looked at refusals alone' });
  process.exit(taken === 0 ? 1 : code);
}
console.log(`not run: ${schemathesis.why}`);
note({ skipped: schemathesis.why });

/** Writes the stage's result, beside or in place of the generator's own report. */
function note(outcome: object): void {
  const file = join(values.folder, 'report.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(outcome)}\n`);
}

function argumentsOf() {
  try {
    return parseArgs({
      options: {
        seconds: { type: 'string', default: '90' },
        seed: { type: 'string', default: '11' },
        folder: { type: 'string', default: 'reports/fuzz' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
