import type { DemoAccount, RunFile } from '../layout/run-file.js';
import type { DemoWebhooks } from './demo-webhooks.js';
import { conclude, type DemoResult } from './demo.js';
import type { Outcomes } from './pay-all.js';
import { runTour } from './tour.js';

/**
 * Runs the tour after the two main withdrawals and prints the result. If webhooks are used, checks
 * for a webhook about each end.
 */
export async function showTour(
  run: RunFile,
  account: DemoAccount,
  pair: Outcomes,
  reference: string,
  webhooks?: DemoWebhooks,
): Promise<DemoResult> {
  console.log('\nA tour of the venues');
  const tour = await runTour(run, account, reference);
  const report = await webhooks?.reportOn([...pair.shown, ...tour.shown]);
  const result = await conclude(run, account, pair, tour, report);
  for (const fault of result.faults) console.error(`✗ ${fault}`);
  return result;
}
