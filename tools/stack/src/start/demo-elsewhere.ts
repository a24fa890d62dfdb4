import { dirname, join, resolve } from 'node:path';
import { believeAuthority } from '@sluice/admin-client';
import { readRunFile, type RunFile } from '../layout/run-file.js';
import { setUp } from '../clients/simulator-client.js';
import { SIMULATED_NAMES, simulatedOf } from '../tables/venues.js';
import { openDemoAccount } from './demo-account.js';
import { DemoDriver } from './demo-driver.js';
import { demoWithdrawals, type DemoResult } from './demo.js';
import { payAll } from './pay-all.js';
import { showTour } from './show-tour.js';

/**
 * Runs the two withdrawals and the tour on a stack started elsewhere. Throws if the run file is
 * missing.
 */
export async function demoElsewhere(file: string, reference: string): Promise<DemoResult> {
  const run = readRunFile(file);
  if (!run) throw new Error(`there is no run file ${file}`);
  if (run.ca_file !== undefined) believeAuthority(run.ca_file);
  await setUpVenues(run);
  const account = await openDemoAccount(run, join(dirname(resolve(file)), 'demo-elsewhere.json'));
  const pair = await payAll(new DemoDriver(run, account), demoWithdrawals(reference));
  return showTour(run, account, pair, reference);
}

/**
 * Sets up the venues like each start, but without webhooks: a webhook would need an address in the
 * other network. Polling follows the withdrawals.
 */
async function setUpVenues({ simulators }: RunFile): Promise<void> {
  for (const venue of SIMULATED_NAMES) {
    const url = simulators[venue];
    const settings: object = simulatedOf(venue).settings?.('') ?? {};
    const silent = 'webhooks' in settings ? { ...settings, webhooks: [] } : settings;
    if (url !== undefined) await setUp(url, 'real', silent);
  }
}
