import { dirname, join, resolve } from 'node:path';
import { believeAuthority } from '@sluice/admin-client';
import { readRunFile, setUp, SIMULATED_NAMES, simulatedOf, type RunFile } from '@sluice/stack';
import { openDemoAccount } from './demo-account.js';
import { DemoDriver } from './demo-driver.js';
import { demoWithdrawals, type DemoResult } from './demo.js';
import { payAll } from './pay-all.js';
import { showTour } from './show-tour.js';

/** The two withdrawals and the tour at a stack that somebody else started. Throws when there is no such file. */
export async function demoElsewhere(file: string, reference: string): Promise<DemoResult> {
  const run = readRunFile(file);
  if (!run) throw new Error(`there is no run file ${file}`);
  if (run.ca_file !== undefined) believeAuthority(run.ca_file);
  await setUpVenues(run);
  const account = await openDemoAccount(run, join(dirname(resolve(file)), 'demo-elsewhere.json'));
  const pair = await payAll(new DemoDriver(run, account), demoWithdrawals(reference));
  return showTour(run, account, pair, reference);
}

/** As each start does it. A webhook would need an address of the other network: what is followed is found by polling. */
async function setUpVenues({ simulators }: RunFile): Promise<void> {
  for (const venue of SIMULATED_NAMES) {
    const url = simulators[venue];
    const settings: object = simulatedOf(venue).settings?.('') ?? {};
    const silent = 'webhooks' in settings ? { ...settings, webhooks: [] } : settings;
    if (url !== undefined) await setUp(url, 'real', silent);
  }
}
