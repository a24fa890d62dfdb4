import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { approvedBy } from '@sluice/admin-client';
import { FIRST_VENUE } from '@sluice/stack';
import type { BenchOptions } from '../system/bench-system.js';
import { usageOf } from '../machine/machine.js';
import {
  drainBacklog,
  holdLatency,
  startLedgerWorld,
  type CommandBody,
  type Drained,
  type LedgerWorld,
} from './backlog.js';
import { ceilingHolds } from './ceiling.js';
import { writeHistory } from './history.js';
import { timeQuestions } from './questions.js';
import { memoryOverTime } from './memory-over-time.js';

const ACCOUNTS = 10_000;
const HOLDS = 150_000;
const LIVES = 50_000;
const MEMORY_ROUND = 20_000;
const HISTORY_ROWS = 10_000_000;
const ASSET = 'USDT.ETH';
/** More than all holds of an account together, and within the limit of a person's own fundings. */
const FUNDS = '1000000';
const OPENED_AT_ONCE = 32;

interface LedgerReport {
  readonly holds_per_second: number;
  /** CPU time of the ledger's process per hold. */
  readonly hold_cpu_micros: number;
  readonly ceiling_holds_per_second: number;
  /** Holds, and full lives (hold and capture), as shares of the ceiling. */
  readonly holds_ratio_to_ceiling: number;
  readonly lives_ratio_to_ceiling: number;
  readonly hot_account_holds_per_second: number;
  readonly lives_per_second: number;
  readonly hold_p50_ms: number;
  readonly hold_p99_ms: number;
  readonly with_10m_rows_ratio: number;
  readonly peak_rss_mb: number;
  /** Median of each query in milliseconds, with the history in the book. */
  readonly questions_ms: Readonly<Record<string, number>>;
  /**
   * Mean resident memory of the last third divided by the mean of the first third, without the
   * start. Present with `--minutes` only.
   */
  readonly rss_last_by_first_third?: number;
}

/**
 * Measures the ledger alone, from command to event on Kafka, on a separate data folder. Takes about
 * ten minutes, mostly for ten million rows of history. With `minutes`, also watches the ledger's
 * memory under load for the given time.
 */
export async function benchLedger({
  home,
  say,
  profileDir,
  minutes,
  rows,
}: BenchOptions): Promise<LedgerReport> {
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const world = await startLedgerWorld(home, profiling);
  try {
    return await measure(world, { say, minutes: minutes ?? 0, rows: rows ?? HISTORY_ROWS });
  } finally {
    await world.stop();
  }
}

interface Plan {
  readonly say: (line: string) => void;
  readonly minutes: number;
  readonly rows: number;
}

async function measure(world: LedgerWorld, { say, minutes, rows }: Plan): Promise<LedgerReport> {
  const accounts = Array.from({ length: ACCOUNTS }, () => randomUUID() as string);
  const any = (): string => accounts[Math.floor(Math.random() * ACCOUNTS)] ?? '';
  const hottest = (): string => accounts[0] ?? '';
  const timed = async (what: string, commands: CommandBody[]): Promise<Drained> => {
    const drained = await drainBacklog(world, commands);
    const cost = Object.entries(drained.cpuMicros).map(([name, micros]) => `${name} ${micros}`);
    say(`${what.padEnd(30)} ${rate(drained.perSecond)}   CPU µs per command: ${cost.join(', ')}`);
    return drained;
  };
  say('opening 10,000 accounts');
  await openAccounts(world, accounts);
  await timed('warming up', holds(HOLDS / 3, any));
  const { perSecond: holdsPerSecond, cpuMicros } = await timed(
    'holds over 10,000 accounts',
    holds(HOLDS, any),
  );
  const hot = await timed('holds of one account', holds(HOLDS, hottest));
  const lives = (await timed('hold and capture', livesOf(LIVES, any))).perSecond / 2;
  const latency = await holdLatency(world, () => hold(any()));
  say(
    `one hold alone                 p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms`,
  );
  const memory =
    minutes > 0 ? await memoryOverTime(world, () => holds(MEMORY_ROUND, any), minutes, say) : {};
  const peak = usageOf({ ledger: world.ledgerPid() })['ledger']?.peakRssMb ?? 0;
  await world.stopLedger();
  const ceiling = await ceilingHolds(world.adminUrl);
  say(
    `${'ceiling: plain SQL'.padEnd(30)} ${rate(ceiling)}   reached: holds ${percent(holdsPerSecond / ceiling)}, full lives ${percent(lives / ceiling)}`,
  );
  // Repeated directly before: both measurements come from the same minute of this machine.
  await timed('warming up', holds(HOLDS / 3, any));
  const early = await timed('holds without history, again', holds(HOLDS, any));
  await world.stopLedger();
  await writeHistory(world.adminUrl, rows, say);
  await timed('warming up', holds(HOLDS / 3, any));
  const late = await timed(`holds with ${rows / 1e6} million entries`, holds(HOLDS, any));
  const questions = await timeQuestions(world.ledger, world.adminUrl, say);
  return {
    holds_per_second: Math.round(holdsPerSecond),
    hold_cpu_micros: cpuMicros['ledger'] ?? 0,
    ceiling_holds_per_second: Math.round(ceiling),
    holds_ratio_to_ceiling: Number((holdsPerSecond / ceiling).toFixed(3)),
    lives_ratio_to_ceiling: Number((lives / ceiling).toFixed(3)),
    hot_account_holds_per_second: Math.round(hot.perSecond),
    lives_per_second: Math.round(lives),
    hold_p50_ms: Number(latency.p50.toFixed(1)),
    hold_p99_ms: Number(latency.p99.toFixed(1)),
    with_10m_rows_ratio: Number((late.perSecond / early.perSecond).toFixed(2)),
    peak_rss_mb: peak,
    questions_ms: questions,
    ...memory,
  };
}

function rate(perSecond: number): string {
  return `${Math.round(perSecond)}/s`.padStart(8);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Opens the accounts by the admin API, as two people do; not measured. */
async function openAccounts(
  { ledger, approver }: LedgerWorld,
  accounts: readonly string[],
): Promise<void> {
  const waiting = [...accounts];
  const open = async (): Promise<void> => {
    for (let account = waiting.pop(); account !== undefined; account = waiting.pop()) {
      await ledger.openAccount({ account_id: account, name: 'bench' });
      const asked = ledger.fund(account, {
        asset: ASSET,
        amount: FUNDS,
        reference: 'bench',
        evidence: 'a benchmark',
      });
      await approvedBy(approver, asked);
    }
  };
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, open));
}

function hold(accountId: string, withdrawalId: string = randomUUIDv7()): CommandBody {
  return {
    type: 'ledger.place-hold.v1',
    data: { withdrawalId, accountId, asset: ASSET, amount: '1.5' },
  };
}

function holds(count: number, account: () => string): CommandBody[] {
  return Array.from({ length: count }, () => hold(account()));
}

function livesOf(count: number, account: () => string): CommandBody[] {
  const ids = Array.from({ length: count }, () => ({
    accountId: account(),
    withdrawalId: randomUUIDv7(),
  }));
  const captures = ids.map((id): CommandBody => ({
    type: 'ledger.capture-hold.v1',
    data: { ...id, asset: ASSET, amount: '1', fee: '0.5', venue: FIRST_VENUE },
  }));
  return [...ids.map(({ accountId, withdrawalId }) => hold(accountId, withdrawalId)), ...captures];
}
