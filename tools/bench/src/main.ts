import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchOptions } from './bench-options.js';
import { benchE2e } from './e2e.js';
import { benchLedger } from './ledger/ledger.js';

/** Each benchmark answers one flat object: printed as text, and written as JSON with `--json FILE`. */
const BENCHMARKS: Readonly<Record<string, (options: BenchOptions) => Promise<object>>> = {
  e2e: benchE2e,
  ledger: benchLedger,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    keep: { type: 'boolean', default: false },
    profile: { type: 'string' },
    minutes: { type: 'string' },
    rows: { type: 'string' },
  },
});
const name = positionals[0] ?? 'e2e';
const benchmark = BENCHMARKS[name];
if (!benchmark) {
  console.error(`no benchmark is called ${name}; there are: ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}

const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
chmodSync(home, 0o711); // as root, PostgreSQL runs as another user and must get to its folder
try {
  const report = await benchmark({
    home,
    say: (line) => console.log(line),
    profileDir: values.profile,
    minutes: amount('minutes', values.minutes),
    rows: amount('rows', values.rows),
  });
  console.log();
  for (const [key, value] of Object.entries(report))
    console.log(`${key.padEnd(26)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  if (!values.keep) rmSync(home, { recursive: true, force: true });
}
process.exit(0);

function amount(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d+(\.\d+)?$/.test(text))
    return text === undefined ? undefined : Number(text);
  console.error(`--${option} takes a number, not ${text}`);
  process.exit(2);
}
