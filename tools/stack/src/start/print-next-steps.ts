import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { Layout } from '../layout/layout.js';
import type { RunFile } from '../layout/run-file.js';
import { connectorOf, FIRST_VENUE, venueOf } from '../tables/venues.js';

/** Prints the next steps for a person after the demo. */
export function printNextSteps(run: RunFile, layout: Layout): void {
  const at = (path: string): string => relative(process.cwd(), path);
  console.log(`
${styleText('bold', 'Next steps')} (another terminal)
  curl -s ${run.intake_url}/readyz
  npm run -s sluice -- withdrawal list
  npm run -s sluice -- balances --account ${run.demo?.account_id ?? ''}
  npm run -s sluice -- api GET /v1/balances        signs with the demo key and prints the same call as curl
  npm run -s sluice -- webhook list --account ${run.demo?.account_id ?? ''}
  npm run -s sluice -- invariants check
  curl -s ${run.simulators[FIRST_VENUE]}/_sim/payments   payments in ${venueOf(FIRST_VENUE).title}'s book; the other venues are in run.json
  kill -9 ${run.processes[connectorOf(FIRST_VENUE)] ?? 'PID'}                       and watch the restart

API ${run.intake_url} · addresses and keys in ${at(layout.run)} · logs in ${at(layout.logs)}/ · Ctrl-C stops everything`);
}
