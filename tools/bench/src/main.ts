import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchE2e } from './e2e.js';
import { benchLedger } from './ledger/ledger.js';

/** Each benchmark answers one flat object: printed as text, and written as JSON with `--json FILE`. */
const BENCHMARKS: Readonly<Record<string, (home: string, say: (line: string) => void, options: { rows?: string | undefined }) => Promise<object>>> = {
  e2e: benchE2e,
  ledger: benchLedger,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, rows: { type: 'string' }, keep: { type: 'boolean', default: false } },
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
  const report = await benchmark(home, (line) => console.log(line), { rows: values.rows });
  console.log();
  for (const [key, value] of Object.entries(report)) console.log(`${key.padEnd(26)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  if (!values.keep) rmSync(home, { recursive: true, force: true });
}
process.exit(0);
