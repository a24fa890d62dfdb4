import { dirname, join, resolve } from 'node:path';
import type { AccountBalanceDto } from '@sluice/http-api';
import { believeAuthority } from '@sluice/admin-client';
import { readRunFile, type DemoAccount, type RunFile } from '../layout/run-file.js';
import { DemoDriver, payAll, type Outcomes, type Wanted } from './demo-driver.js';
import type { DemoWebhooks, WebhooksReport } from './demo-webhooks.js';
import { FIRST_VENUE, simulatedOf } from '../tables/venues.js';
import { printBalances, printEntries } from './print-demo.js';
import { paidBy, runTour, type TourResult } from './tour.js';
import { setUpSimulators } from '../clients/simulators.js';
import { openDemoAccount } from './demo-account.js';

export interface DemoResult {
  readonly requested: number;
  readonly captured: number;
  readonly violated: number;
  /** Faults, a line each; empty after success. */
  readonly faults: readonly string[];
}

/**
 * Withdrawals to a chain address and to another user of the exchange. `run` makes the references
 * unique for each run.
 */
export function demoWithdrawals(run: string): readonly Wanted[] {
  const { toUser } = simulatedOf(FIRST_VENUE).demo;
  return [
    {
      label: '#1',
      title: '25 USDT to a TRON address',
      body: {
        currency: 'USDT',
        network: 'TRX',
        to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL',
        amount: '25',
        client_reference: `demo-chain-${run}`,
      },
    },
    ...(toUser
      ? [
          {
            label: '#2',
            title: toUser.title,
            body: { ...toUser.body, client_reference: `demo-uid-${run}` },
          },
        ]
      : []),
  ];
}

/** Prints the final balances, journal and invariants, and returns the result. */
async function conclude(
  run: RunFile,
  account: DemoAccount,
  pair: Outcomes,
  tour: TourResult,
  webhooks?: WebhooksReport,
): Promise<DemoResult> {
  const { client, operator } = new DemoDriver(run, account);
  const balances = await client.call('GET', '/v1/balances');
  if (balances.status !== 200)
    throw new Error(`GET /v1/balances is answered ${balances.status} ${balances.message}`);
  printBalances(balances.data as AccountBalanceDto[]);
  for (const { label, detail } of [...pair.shown, ...tour.shown].sort((a, b) =>
    a.label.localeCompare(b.label, 'en', { numeric: true }),
  )) {
    printEntries(label, await operator.ledger.entriesOf(detail.id));
  }
  const reports = await operator.invariants();
  const checked = reports.reduce((sum, report) => sum + report.checked, 0);
  const violations = reports.flatMap((report) => report.violations);
  console.log(`\nInvariants: ${checked} checked, ${violations.length} violated`);
  console.log(describeTour(pair, tour));
  if (webhooks) console.log(`webhooks: ${webhooks.arrived} arrived, ${webhooks.verified} verified`);
  const faults = [
    ...pair.faults,
    ...tour.faults,
    ...(webhooks?.faults ?? []),
    ...violations.map(({ invariant }) => `invariant violated: ${invariant}`),
  ];
  const captured = pair.shown.filter(({ detail }) => detail.state === 'completed').length;
  return { requested: demoWithdrawals('').length, captured, violated: violations.length, faults };
}

/** `tour: 4 venues paid (…), 1 cancelled, 1 failed over from one venue to another, …`. */
export function describeTour(
  pair: Pick<Outcomes, 'shown'>,
  tour: Pick<TourResult, 'shown' | 'cancelled' | 'failedOver' | 'limited' | 'approved'>,
): string {
  const venues = paidBy([...pair.shown, ...tour.shown]);
  const { from, to } = tour.failedOver ?? {};
  const failedOver =
    from !== undefined && to !== undefined
      ? `1 failed over from ${from} to ${to}`
      : '0 failed over';
  return `tour: ${venues.length} venues paid (${venues.join(', ')}), ${tour.cancelled} cancelled, ${failedOver}, ${tour.limited} refused by a limit, ${tour.approved} paid after two approvals`;
}

/** The last line of `npm start -- --once`. */
export function verdict({ requested, captured, violated, faults }: DemoResult): string {
  const counts = `${captured} of ${requested} withdrawals captured, ${violated} invariants violated`;
  return faults.length === 0 ? `ok: ${counts}` : `failed: ${counts}`;
}

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

/**
 * Runs the two withdrawals and the tour on a stack started elsewhere. Throws if the run file is
 * missing.
 */
export async function demoElsewhere(file: string, reference: string): Promise<DemoResult> {
  const run = readRunFile(file);
  if (!run) throw new Error(`there is no run file ${file}`);
  if (run.ca_file !== undefined) believeAuthority(run.ca_file);
  await setUpSimulators(run, 'real');
  const account = await openDemoAccount(run, join(dirname(resolve(file)), 'demo-elsewhere.json'));
  const pair = await payAll(new DemoDriver(run, account), demoWithdrawals(reference));
  return showTour(run, account, pair, reference);
}
