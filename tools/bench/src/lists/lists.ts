import { IntakeAdmin } from '@sluice/admin-client';
import { createKey, percentiles, rowsOf, SignedClient, urlOfAllAccounts } from '@sluice/stack';
import type { BenchOptions } from '../system/bench-system.js';
import { fill, MOSTLY, RARELY, SOMETIMES, type Filled } from './fill.js';
import { startServiceWorld } from '../system/service-world.js';

const ROWS = 1_000_000;
const [WARM_UP, TIMES] = [10, 60];

/** Median and p99 of a query in milliseconds, through the endpoint, with signature and commit. */
interface Asked {
  readonly question: string;
  readonly rows: number;
  readonly p50: number;
  readonly p99: number;
}

interface ListsReport {
  /** The worst median. */
  readonly list_deep_ms: number;
  /** The worst median minus the cost of any request, measured as the median of GET /v1/_ping. */
  readonly list_deep_beyond_ping_ms: number;
  readonly ping_ms: number;
  readonly rows: number;
  readonly questions: readonly Asked[];
}

/**
 * Measures the lists of customers, deep in a long history of an account (default: a million
 * withdrawals, `--rows`).
 */
export async function benchLists({ home, say, rows = ROWS }: BenchOptions): Promise<ListsReport> {
  const world = await startServiceWorld(home, {
    service: 'intake-api',
    environment: { REQUESTS_PER_MINUTE_PER_IP: '1000000' },
  });
  const [intake, second] = [new IntakeAdmin(world.admin), new IntakeAdmin(world.approver)];
  try {
    const { account_id: accountId } = await intake.createAccount({ name: 'bench' });
    const key = await createKey(
      { intake, approver: { intake: second, ledger: second } },
      accountId,
      {
        label: 'bench',
        permissions: ['read_withdrawal_status', 'list_transactions'],
      },
    );
    say(`filling ${rows} rows`);
    const filled = await fill(urlOfAllAccounts(world.databaseUrl), {
      accountId,
      keyId: key.key_id,
      rows,
    });
    const reader = new SignedClient([world.url], key, { connections: 1 });
    const ping = await timed('/v1/_ping', reader);
    const questions: Asked[] = [];
    for (const target of questionsOf(filled)) {
      const asked = await timed(target, reader);
      questions.push(asked);
      say(
        `  ${asked.p50.toFixed(1).padStart(6)} ms  ${String(asked.rows).padStart(3)} rows  ${target}`,
      );
    }
    await reader.close();
    const worst = Math.max(...questions.map(({ p50 }) => p50));
    return {
      list_deep_ms: rounded(worst),
      list_deep_beyond_ping_ms: rounded(worst - ping.p50),
      ping_ms: ping.p50,
      rows,
      questions,
    };
  } finally {
    await world.stop();
  }
}

/**
 * Each filter alone and some combined, including rare and missing values; from the middle and from
 * near the end.
 */
function questionsOf({ middle, deep, reference, moment }: Filled): readonly string[] {
  const shared = [
    '',
    'status=pending',
    'status=broadcasted',
    'status=confirmed',
    'status=failed',
    'status=cancelled',
    'currency=BTC',
    'network=TRX',
    'currency=USDT&network=ETH',
    'currency=BTC&status=failed',
    'currency=NONE',
  ];
  const ours = [
    'stage=done',
    'stage=processing_at_venue',
    'stage=awaiting_decision',
    `venue=${MOSTLY}`,
    `venue=${RARELY}`,
    `venue=${SOMETIMES}&currency=BTC&status=failed`,
    'venue=none',
    `client_reference=${reference}`,
    'client_reference=none',
    `requested_before=${moment}`,
    `requested_before=${moment}&venue=${RARELY}`,
    `requested_since=${moment}&requested_before=${moment}`,
  ];
  const deepOf = (path: string, filters: readonly string[]): string[] =>
    filters.flatMap((filter) =>
      [middle, deep].map((cursor) => `${path}?${filter}${filter && '&'}cursor=${cursor}&limit=50`),
    );
  return [
    ...deepOf('/v1/withdrawals', [...shared, ...ours]),
    ...deepOf('/v1/transactions', [...shared, 'direction=withdrawal']),
  ];
}

async function timed(target: string, reader: SignedClient): Promise<Asked> {
  const sample: number[] = [];
  let rows = 0;
  for (let n = 0; n < WARM_UP + TIMES; n += 1) {
    const since = performance.now();
    rows = await read(reader, target);
    if (n >= WARM_UP) sample.push(performance.now() - since);
  }
  const { p50, p99 } = percentiles(sample);
  return { question: target, rows, p50: rounded(p50), p99: rounded(p99) };
}

/** Returns the number of rows. Throws for any status except 200. */
async function read(reader: SignedClient, target: string): Promise<number> {
  const { status, message, data } = await reader.send(reader.sign('GET', target));
  if (status !== 200) throw new Error(`${target}: ${status ?? ''} ${message}`);
  return rowsOf(data).length;
}

function rounded(ms: number): number {
  return Number(ms.toFixed(2));
}
