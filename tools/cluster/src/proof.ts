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
  count,
  demoElsewhere,
  drawOrder,
  failuresOf,
  judge,
  openDemoAccount,
  paymentsOf,
  randomOf,
  SignedClient,
  SteadyLoad,
  usualFormsOf,
  verdictLine,
  setUpSimulators,
  verdict,
  type Booked,
  type Books,
  type Form,
  type RunFile,
  type ServiceName,
} from '@sluice/stack';
import { SimulatorControl } from '@sluice/test-kit';
import { until } from '@sluice/test-servers';
import type { Chart } from './installation/servers.js';
import type { Kubectl } from './programs/kubectl.js';
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
const PATIENCE_MS = 15_000;
/** An order of each venue. */
const FORMS: readonly Form[] = [
  ...SIMULATED_NAMES.map((venue) => usualFormsOf(venue)[0] as Form),
  'wallet-USDT.ETH',
];

/**
 * Sends withdrawals at a steady rate while services are upgraded, rolled and killed. Afterwards
 * runs the tour. Resolves with the faults, a sentence each.
 */
export async function prove(proof: ClusterProof): Promise<readonly string[]> {
  const { run, folder, perSecond, teller } = proof;
  const file = join(folder, 'run.json');
  writeFileSync(file, JSON.stringify(run), { mode: 0o600 });
  const { accountId, load } = await prepareLoad(proof);
  const enough = new AbortController();
  const loading = load.run({ perSecond, ended: enough.signal });
  teller.say(
    `${perSecond} withdrawals per second are requested from now on, from every venue in turn`,
  );
  try {
    await disturb(proof, load);
  } finally {
    enough.abort();
    await loading;
  }
  const faults = await faultsOf(proof, load, accountId);
  const tour = await demoElsewhere(file, Date.now().toString(36));
  teller.say(`the tour: ${verdict(tour)}`);
  return [...faults, ...tour.faults];
}

/** Client of an account: withdrawals of every venue in turn, each repeated until accepted. */
async function prepareLoad({
  run,
  folder,
}: ClusterProof): Promise<{ readonly accountId: string; readonly load: SteadyLoad }> {
  await setUpSimulators(run, 'fast');
  const venue = bankVenue();
  const bankAccount = bankAccountIn(
    venue,
    await new SimulatorControl(run.simulators[venue] ?? '').credentials(),
  );
  const account = await openDemoAccount(run, join(folder, 'payments.json'));
  const client = new SignedClient([run.intake_url], account);
  const random = randomOf(Date.now());
  const load = new SteadyLoad({
    orderOf: (number) =>
      drawOrder(random, number, {
        clients: 1,
        bankAccount,
        plain: true,
        forms: FORMS.slice(number % FORMS.length).slice(0, 1),
      }),
    send: ({ body }) =>
      client.send(client.sign('POST', '/v1/withdrawals', JSON.stringify(body)), PATIENCE_MS),
    repeatsAfterMs: 500,
  });
  return { accountId: account.account_id, load };
}

async function disturb(proof: ClusterProof, load: SteadyLoad): Promise<void> {
  const { kubectl, release, chart, otherValues, brief, teller } = proof;
  const during = async (done: string, work: () => Promise<unknown>): Promise<void> => {
    const phase = load.enter(done);
    await teller.during(done, work);
    const failed = failuresOf(phase);
    const causes = [...phase.failed].map(([cause, times]) => `${times} × ${cause}`).join(', ');
    const again = failed === 0 ? 'no request failed' : `${failed} requests failed (${causes})`;
    const slowestMs = Math.max(0, ...phase.posts.map(({ tookMs }) => tookMs));
    teller.say(
      `  ${phase.posts.length} withdrawals answered, ${again}, the slowest in ${slowestMs.toFixed(0)} ms`,
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

async function faultsOf(
  { run, teller }: ClusterProof,
  load: SteadyLoad,
  accountId: string,
): Promise<readonly string[]> {
  const admin = new AdminClients(() => run);
  const recorded = (): Promise<ReadonlyMap<string, Booked>> => recordsOf(admin, accountId);
  const waiting = await untilAllEnded(admin, load, recorded, teller);
  const records = await recorded();
  const paid = await paymentsOf(booksOf(run));
  const judged = load.all().map((asked) => {
    const { reference, recipient } = asked.order;
    const one = { asked, paid: paid.get(recipient) ?? [], booked: records.get(reference) };
    return { reference, ...judge({ ...one, named: [] }) };
  });
  teller.say(`by the venues' books and the chain: ${verdictLine(count(judged))}`);
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
    ...judged
      .filter(({ kind }) => kind !== 'paid once')
      .map(({ reference, kind, why }) => `${reference} is ${kind}: ${why}`),
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
  load: SteadyLoad,
  recorded: () => Promise<ReadonlyMap<string, Booked>>,
  teller: Teller,
): Promise<readonly string[]> {
  const attempt = async (): Promise<void> => {
    const records = await recorded();
    const open = load
      .all()
      .filter(
        ({ order, refused }) =>
          refused === undefined && !FINAL.has(records.get(order.reference)?.state ?? ''),
      );
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

/** Withdrawals on the gateway's record by client reference. */
async function recordsOf(
  admin: AdminClients,
  accountId: string,
): Promise<ReadonlyMap<string, Booked>> {
  const all = { account_id: accountId, limit: 9_999 };
  const { data: rows } = await admin.intake.withdrawals(all);
  return new Map(rows.map((row) => [row.client_reference ?? '', row]));
}

/** Payments by each venue's own record; for our own wallet, by the chain. */
function booksOf({ simulators, chains }: RunFile): Books {
  return [
    ...SIMULATED_NAMES.map(
      (venue) => [venue, new SimulatorControl(simulators[venue] ?? '')] as const,
    ),
    ...(chains ? [['wallet', new ChainBook('ETH', chains.ETH)] as const] : []),
  ];
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
