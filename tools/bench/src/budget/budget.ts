import { setTimeout as sleep } from 'node:timers/promises';
import { approvedBy } from '@sluice/admin-client';
import {
  AdminClients,
  APPROVER,
  FIRST_VENUE,
  SIMULATED_NAMES,
  WebhookReceiver,
  type DemoAccount,
  type RunFile,
  type System,
  WITHDRAWAL_EVENTS,
} from '@sluice/stack';
import { withBenchSystem, type BenchOptions, type SystemParts } from '../system/bench-system.js';
import { describeLoad, type Load } from '../load/load.js';
import { cpuPercentOf, startMeter, warn } from '../machine/machine.js';
import { Counter } from './counter.js';
import {
  difference,
  linesOf,
  perSecond,
  rounded,
  rowOf,
  totalOf,
  type BudgetCounts,
  type BudgetRow,
} from './counts.js';
import { CHECKED, limitsOf, writeLimits } from './limits.js';

const RATES: readonly number[] = [5, 20, 50, 100];
/** Duration of a rate: 100 withdrawals, but at least ten seconds. */
const [SAMPLE, SHORTEST_S, IDLE_S, WARM_UP_S] = [100, 10, 20, 4];
/**
 * Rows of a withdrawal follow up to ten seconds later: intake-api learns new recipients every ten
 * seconds. A session of PostgreSQL at rest publishes its statistics after another ten seconds.
 */
const SETTLED_MS = 22_000;
/** With each block, the connector of the wallet reads the chain: a pace near the pace of real chains. */
const BLOCK_MS = 1_000;

interface BudgetReport {
  readonly idle_transactions_per_second: number;
  readonly idle_transactions_by_database: Readonly<Record<string, number>>;
  /** CPU of the system at rest, in percent of all cores, chains included. */
  readonly idle_cpu_percent: number;
  readonly idle_cpu_ms_per_second: Readonly<Record<string, number>>;
  readonly rates: readonly BudgetRow[];
}

interface Measurement extends BenchOptions, Pick<SystemParts, 'venues'> {
  readonly idleSeconds: number;
}

/**
 * BudgetCounts from outside the work of the system per withdrawal: transactions and rows in PostgreSQL's
 * statistics, index entries and bytes in its write-ahead log, and records in Kafka's offsets.
 */
export async function benchBudget(options: BenchOptions): Promise<BudgetReport> {
  if (options.write === true) {
    const report = await measureChecked(options);
    const file = writeLimits(limitsOf(rowFor(report, CHECKED.rate)));
    options.say(`${file} is written`);
    return report;
  }
  return measure({
    ...options,
    venues: [...SIMULATED_NAMES, 'wallet'],
    idleSeconds: options.seconds ?? IDLE_S,
  });
}

/** Measures the rate of the committed budget, with the services of the first venue alone. */
export function measureChecked({ home, say }: BenchOptions): Promise<BudgetReport> {
  const { rate, seconds, idleSeconds } = CHECKED;
  return measure({ home, say, rates: [rate], seconds, idleSeconds, venues: [FIRST_VENUE] });
}

function rowFor({ rates }: BudgetReport, wanted: number): BudgetRow {
  const row = rates.find(({ rate }) => rate === wanted);
  if (row === undefined) throw new Error(`${wanted}/s was not measured`);
  return row;
}

function measure({ venues, idleSeconds, ...options }: Measurement): Promise<BudgetReport> {
  const { say, seconds, rates = RATES } = options;
  const work = async (system: System, load: Load): Promise<BudgetReport> => {
    const receiver = await WebhookReceiver.start();
    receiver.answer(200);
    const counter = await Counter.open(system);
    try {
      await registerWebhooks(system.run, load.accounts, receiver.url);
      await load.run(SHORTEST_S, 1); // the first withdrawal of an account creates rows once
      await sleep(SETTLED_MS);
      const { idle, report } = await measureIdle(system, counter, { idleSeconds, say });
      const rows: BudgetRow[] = [];
      for (const rate of rates.filter((one) => one > 0).toSorted((a, b) => a - b)) {
        const row = await measureRate({ load, counter, rate, seconds, idle, say });
        rows.push(row);
        for (const line of linesOf(row)) say(line);
      }
      return { ...report, rates: rows };
    } finally {
      await counter.close();
      await receiver.stop();
    }
  };
  const warmUp = { ...options, seconds: WARM_UP_S };
  return withBenchSystem(warmUp, work, { venues, chains: { blockMs: BLOCK_MS } });
}

async function measureIdle(
  { run }: System,
  counter: Counter,
  { idleSeconds, say }: Pick<Measurement, 'idleSeconds' | 'say'>,
): Promise<{ readonly idle: BudgetCounts; readonly report: Omit<BudgetReport, 'rates'> }> {
  const spent = startMeter(() => run.processes);
  const worked = await startCounting(counter);
  await sleep(idleSeconds * 1_000);
  const idle = perSecond(await worked());
  const cost = spent();
  warn('the idle measurement', cost, say);
  const report = {
    idle_transactions_per_second: rounded(totalOf(idle.transactions)),
    idle_transactions_by_database: roundedAll(idle.transactions),
    idle_cpu_percent: cpuPercentOf(cost),
    idle_cpu_ms_per_second: roundedAll(cost.cpuMs, 1_000 / cost.wallMs),
  };
  say(
    `idle · ${report.idle_transactions_per_second} transactions per second · CPU ${report.idle_cpu_percent} % of all cores`,
  );
  return { idle, report };
}

interface RateMeasurement {
  readonly load: Load;
  readonly counter: Counter;
  readonly rate: number;
  readonly seconds: number | undefined;
  readonly idle: BudgetCounts;
  readonly say: BenchOptions['say'];
}

/** BudgetCounts a rate, including the time for the last webhooks and statistics. */
async function measureRate(measurement: RateMeasurement): Promise<BudgetRow> {
  const { load, counter, rate, idle, say } = measurement;
  const seconds = measurement.seconds ?? Math.max(SHORTEST_S, SAMPLE / rate);
  const worked = await startCounting(counter);
  const result = await load.run(rate, seconds);
  say(describeLoad(result));
  if (result.captured < result.offered)
    throw new Error(`only ${result.captured} of ${result.offered} withdrawals were captured`);
  await sleep(SETTLED_MS);
  return rowOf(rate, result.captured, await worked(), idle);
}

/** Starts counting; the returned function returns the work since the beginning. */
async function startCounting(counter: Counter) {
  const before = await counter.look();
  const since = performance.now();
  return async () => {
    const counts = difference(before, await counter.look());
    return { seconds: (performance.now() - since) / 1_000, counts };
  };
}

async function registerWebhooks(
  run: RunFile,
  accounts: readonly DemoAccount[],
  url: string,
): Promise<void> {
  const { webhooks } = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER).webhooks;
  for (const { account_id: account } of accounts)
    await approvedBy(
      second,
      webhooks.createWebhook({ account, url, events: [...WITHDRAWAL_EVENTS] }),
    );
}

function roundedAll(counts: Readonly<Record<string, number>>, factor = 1): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, rounded(count * factor)]),
  );
}
