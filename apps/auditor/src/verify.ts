import { parseArgs } from 'node:util';
import { ChainAudit } from '@sluice/connector-evm/audit';
import { outgoingProxyOf } from '@sluice/runtime';
import { createLogger } from '@sluice/service-shell';
import { coveredVenues } from './venues/venue-table.js';
import { printResults, verifyAudit } from './verify/verify-audit.js';
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
  const venues = coveredVenues(config, logger);
  const chains = config.chains.map((one) => new ChainAudit(one, outgoingProxyOf(config)));
  try {
    const results = await verifyAudit({ config, since, venues, chains, logger, say });
    process.exitCode = printResults(results, (line) => void process.stdout.write(`${line}\n`));
  } finally {
    await Promise.all([...venues, ...chains].map((source) => source.close()));
  }
} catch (error) {
  say(`not verified: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
