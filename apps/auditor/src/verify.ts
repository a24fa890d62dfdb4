import { parseArgs } from 'node:util';
import { createLogger } from '@sluice/service-shell';
import { printResults } from './verify/print-results.js';
import { verifyAudit } from './verify/verify-audit.js';
import { verifyConfig } from './verify/config.js';

/** Exit codes: 0 equal, 1 different, 2 not verified. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);
try {
  const { values } = parseArgs({ options: { since: { type: 'string' } } });
  const since = new Date(values.since ?? '');
  if (Number.isNaN(since.getTime()))
    throw new Error('--since takes a time, such as 2026-11-26T00:00:00Z');
  const config = verifyConfig();
  const logger = createLogger('audit verify', config.logLevel);
  const results = await verifyAudit({ config, since, logger, say });
  process.exitCode = printResults(results, (line) => void process.stdout.write(`${line}\n`));
} catch (error) {
  say(`not verified: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
