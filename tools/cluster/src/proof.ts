import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdminClients,
  ChainBook,
  SERVICE_NAMES,
  SIMULATED_NAMES,
  VENUE_NAMES,
  bankAccountIn,
  bankVenue,
  demoElsewhere,
  openDemoAccount,
  setUpSimulators,
  verdict,
  type RunFile,
  type ServiceName,
} from '@sluice/stack';
import { SimulatorControl } from '@sluice/test-kit';
import { until } from '@sluice/test-servers';
import type { Chart } from './installation/servers.js';
import type { Kubectl } from './programs/kubectl.js';
import { compareBooks, type Books } from './payments/compare-books.js';
import { Payments } from './payments/payments.js';
import type { Teller } from './output/say.js';

export interface ClusterProof {
  readonly run: RunFile;
  readonly chart: Chart;
  /** Values file with another setting of every service, for the upgrade of the chart. */
  readonly otherValues: string;
  readonly kubectl: Kubectl;
  readonly release: string;
  readonly folder: string;
  readonly perSecond: number;
  /**
   * Short run: rolls only ledger, signer and connector-evm, and kills a pod of each service.
   */
  readonly brief: boolean;
  readonly teller: Teller;
}

const BRIEFLY = ['ledger', 'signer', 'connector-evm'] as const;
const FINAL = new Set(['completed', 'returned', 'failed', 'rejected', 'cancelled']);
/** A doubtful payment is looked up after 65 s, or later if a process was killed meanwhile. */
const LONGEST_MS = 300_000;

/**
 * Sends withdrawals at a steady rate while services are upgraded, rolled and killed. Afterwards
 * runs the tour. Resolves with the faults, a sentence each.
 */
export async function prove(proof: ClusterProof): Promise<readonly string[]> {
  const { run, folder, teller } = proof;
  const file = join(folder, 'run.json');
  writeFileSync(file, JSON.stringify(run), { mode: 0o600 });
  const payments = await beginPayments(proof);
  try {
    await disturb(proof, payments);
  } finally {
    await payments.stop();
  }
  const faults = await judge(proof, payments);
  const tour = await demoElsewhere(file, Date.now().toString(36));
  teller.say(`the tour: ${verdict(tour)}`);
  return [...faults, ...tour.faults];
}

async function beginPayments({ run, folder, perSecond, teller }: ClusterProof): Promise<Payments> {
  await setUpSimulators(run, 'fast');
  const venue = bankVenue();
  const credentials = await new SimulatorControl(run.simulators[venue] ?? '').credentials();
  const account = await openDemoAccount(run, join(folder, 'payments.json'));
  const payments = new Payments({
    url: run.intake_url,
    account,
    perSecond,
    venues: VENUE_NAMES,
    bankAccount: bankAccountIn(venue, credentials),
  });
  payments.start();
  teller.say(
    `${perSecond} withdrawals per second are requested from now on, from every venue in turn`,
  );
  return payments;
}

async function disturb(proof: ClusterProof, payments: Payments): Promise<void> {
  const { kubectl, release, chart, otherValues, brief, teller } = proof;
  const during = async (done: string, work: () => Promise<unknown>): Promise<void> => {
    await teller.during(done, work);
    const { taken, repeated, slowestMs, causes } = payments.stretch();
    const again =
      repeated === 0 ? 'no request failed' : `${repeated} requests repeated (${causes})`;
    teller.say(
      `  ${taken} withdrawals accepted, ${again}, the slowest in ${slowestMs.toFixed(0)} ms`,
    );
  };
  if (!brief) {
    await during('the chart upgraded to another setting, every service rolled', () =>
      chart.install(otherValues),
    );
    await during('the chart rolled back', () => chart.rollBack());
    await during('the chart upgraded again', () => chart.install(otherValues));
  }
  for (const name of brief ? BRIEFLY : SERVICE_NAMES)
    await during(`${name} rolled`, () => roll(kubectl, release, name));
  for (const name of brief ? [] : SERVICE_NAMES)
    await during(`a pod of ${name} deleted by force and replaced`, () =>
      deleteByForce(kubectl, [name]),
    );
  await during('a pod of every service deleted by force at once and replaced', () =>
    deleteByForce(kubectl, SERVICE_NAMES),
  );
}

async function judge(
  { run, teller }: ClusterProof,
  payments: Payments,
): Promise<readonly string[]> {
  const { orders, refused } = payments;
  const admin = new AdminClients(() => run);
  const waiting = await untilAllEnded(admin, payments, teller);
  const states = await statesOf(admin, payments);
  const { paidOnce, faults } = compareBooks(orders, states, await booksOf(run));
  teller.say(
    `${orders.length} withdrawals requested, ${paidOnce} paid exactly once by the venues' books and the chain`,
  );
  const reports = await admin.invariants();
  const checked = reports.reduce((sum, report) => sum + report.checked, 0);
  const violations = reports.flatMap(({ service, violations: all }) =>
    all.map(({ invariant }) => `${service} violates ${invariant}`),
  );
  const cases = reports.flatMap(({ service, populations }) =>
    (populations['cases'] ?? 0) > 0 ? [`${service} has ${populations['cases']} cases`] : [],
  );
  teller.say(`${checked} invariants checked, ${violations.length} violated`);
  return [
    ...waiting,
    ...refused.map((one) => `a request was refused: ${one}`),
    ...faults,
    ...violations,
    ...cases,
  ];
}

/**
 * Waits for the end of all withdrawals. Resolves with the withdrawals still open after the timeout,
 * and the halts behind them.
 */
async function untilAllEnded(
  admin: AdminClients,
  payments: Payments,
  teller: Teller,
): Promise<readonly string[]> {
  const attempt = async (): Promise<void> => {
    const states = await statesOf(admin, payments);
    const open = payments.orders.filter(({ reference }) => !FINAL.has(states.get(reference) ?? ''));
    if (open.length > 0) throw new Error(`${open.length} withdrawals are under way`);
  };
  try {
    await teller.during('every withdrawal has ended', () =>
      until('some withdrawals have not ended', attempt, LONGEST_MS, 1_000),
    );
    return [];
  } catch (error) {
    const halts = await Promise.all(VENUE_NAMES.map((venue) => admin.connector(venue).halts()));
    const open = halts.flat().filter(({ lifted_at }) => lifted_at === null);
    const why = open.map(({ reason, details }) => `halted: ${reason}: ${details}`);
    return [error instanceof Error ? error.message : String(error), ...why];
  }
}

async function statesOf(
  admin: AdminClients,
  { account }: Payments,
): Promise<ReadonlyMap<string, string>> {
  const rows = await admin.intake.withdrawals({ account_id: account, limit: 9_999 });
  return new Map(
    rows.map(({ client_reference, state }): [string, string] => [client_reference ?? '', state]),
  );
}

/** Payments by each venue's own record; for our own wallet, by the chain. */
async function booksOf({ simulators, chains }: RunFile): Promise<Books> {
  const books = SIMULATED_NAMES.map(
    async (venue) =>
      [venue, await new SimulatorControl(simulators[venue] ?? '').payments()] as const,
  );
  const chain = chains && (await new ChainBook('ETH', chains.ETH).payments());
  return new Map([...(await Promise.all(books)), ...(chain ? [['wallet', chain] as const] : [])]);
}

/** Runs `kubectl rollout restart` and waits for the end. */
async function roll(kubectl: Kubectl, release: string, name: ServiceName): Promise<void> {
  const deployment = `deployment/${release}-${name}`;
  await kubectl.run(['rollout', 'restart', deployment]);
  await kubectl.run(['rollout', 'status', deployment, `--timeout=${LONGEST_MS / 1_000}s`]);
}

/**
 * Force-deletes a pod of each service at the same moment, without a grace period. Resolves with the
 * pod names after as many pods as before are ready again.
 */
async function deleteByForce(
  kubectl: Kubectl,
  names: readonly ServiceName[],
): Promise<readonly string[]> {
  const before = await Promise.all(names.map((name) => kubectl.pods(name)));
  const victims = before.flatMap(([first]) => (first ? [first.name] : []));
  await kubectl.run(['delete', 'pod', '--grace-period=0', '--force', '--wait=false', ...victims]);
  await until(
    `not as many pods are ready as there were`,
    async () => {
      for (const [index, name] of names.entries()) {
        const alive = (await kubectl.pods(name)).filter((pod) => !victims.includes(pod.name));
        const ready = alive.filter((pod) => pod.ready).length;
        if (ready < (before[index]?.length ?? 0)) throw new Error(`${name} has ${ready}`);
      }
    },
    LONGEST_MS,
    500,
  );
  return victims;
}
