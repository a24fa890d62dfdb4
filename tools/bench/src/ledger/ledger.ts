import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { usageOf } from '../process-usage.js';
import { drainBacklog, type CommandBody } from './backlog.js';
import { ceilingHolds } from './ceiling.js';
import { writeHistory } from './history.js';
import { holdLatency } from './hold-latency.js';
import { timeQuestions } from './questions.js';
import { startLedgerWorld, type LedgerWorld } from './ledger-world.js';

const ACCOUNTS = 10_000;
const HOLDS = 150_000;
const LIVES = 50_000;
const HISTORY_ROWS = '10000000';
const ASSET = 'USDT.ETH';

export interface LedgerReport {
  readonly holds_per_second: number;
  readonly ceiling_holds_per_second: number;
  readonly hot_account_holds_per_second: number;
  readonly lives_per_second: number;
  readonly hold_p50_ms: number;
  readonly hold_p99_ms: number;
  readonly with_10m_rows_ratio: number;
  readonly peak_rss_mb: number;
  /** With the history in the book: milliseconds, the median of each. */
  readonly questions_ms: Readonly<Record<string, number>>;
}

/** The ledger's path alone, command on Kafka to event on Kafka, on its own data folder. Takes about ten minutes, most of them for ten million rows of history. */
export async function benchLedger(
  home: string,
  say: (line: string) => void,
  { rows = HISTORY_ROWS }: { rows?: string | undefined } = {},
): Promise<LedgerReport> {
  const world = await startLedgerWorld(home);
  try {
    return await measure(world, say, Number.parseInt(rows, 10));
  } finally {
    await world.stop();
  }
}

async function measure(world: LedgerWorld, say: (line: string) => void, rows: number): Promise<LedgerReport> {
  const accounts = Array.from({ length: ACCOUNTS }, () => randomUUID() as string);
  const any = (): string => accounts[Math.floor(Math.random() * ACCOUNTS)] ?? '';
  const timed = async (what: string, rate: Promise<number>): Promise<number> => {
    const perSecond = Math.round(await rate);
    say(`${what.padEnd(34)} ${perSecond}/s`);
    return perSecond;
  };
  await world.startLedger();
  await drainBacklog(world, accounts.flatMap(opened));
  await timed('warming up', drainBacklog(world, holds(HOLDS / 3, any)));
  const holdsPerSecond = await timed('holds over 10,000 accounts', drainBacklog(world, holds(HOLDS, any)));
  const hot = await timed(
    'holds of one account',
    drainBacklog(
      world,
      holds(HOLDS, () => accounts[0] ?? ''),
    ),
  );
  const lives = await timed(
    'hold then capture',
    drainBacklog(world, livesOf(LIVES, any)).then((commands) => commands / 2),
  );
  const latency = await holdLatency(world, () => hold(any()));
  const peak = usageOf({ ledger: world.ledgerPid() })['ledger']?.peakRssMb ?? 0;
  await world.stopLedger();
  const ceiling = await timed('ceiling: plain SQL', ceilingHolds(world.adminUrl));
  // Right before, so that both are of the same minute of this machine.
  await drainBacklog(world, holds(HOLDS / 3, any));
  const early = await timed('holds without history, once more', drainBacklog(world, holds(HOLDS, any)));
  await world.stopLedger();
  await writeHistory(world.adminUrl, rows, say);
  await drainBacklog(world, holds(HOLDS / 3, any));
  const late = await timed(`holds with ${rows / 1e6} million entries`, drainBacklog(world, holds(HOLDS, any)));
  const questions = await timeQuestions(world.doors, world.token, world.adminUrl, say);
  return {
    holds_per_second: holdsPerSecond,
    ceiling_holds_per_second: ceiling,
    hot_account_holds_per_second: hot,
    lives_per_second: lives,
    hold_p50_ms: Number(latency.p50.toFixed(1)),
    hold_p99_ms: Number(latency.p99.toFixed(1)),
    with_10m_rows_ratio: Number((late / early).toFixed(2)),
    peak_rss_mb: peak,
    questions_ms: questions,
  };
}

function opened(accountId: string): CommandBody[] {
  return [
    { type: 'ledger.open-account.v1', data: { accountId, name: 'bench' } },
    { type: 'ledger.fund-account.v1', data: { accountId, asset: ASSET, amount: '1000000000', reference: 'bench' } },
  ];
}

function hold(accountId: string, withdrawalId: string = randomUUIDv7()): CommandBody {
  return { type: 'ledger.place-hold.v1', data: { withdrawalId, accountId, asset: ASSET, amount: '1.5' } };
}

function holds(count: number, account: () => string): CommandBody[] {
  return Array.from({ length: count }, () => hold(account()));
}

function livesOf(count: number, account: () => string): CommandBody[] {
  const ids = Array.from({ length: count }, () => ({ accountId: account(), withdrawalId: randomUUIDv7() }));
  const captures = ids.map((id): CommandBody => ({
    type: 'ledger.capture-hold.v1',
    data: { ...id, asset: ASSET, amount: '1', fee: '0.5', venue: 'gateio' },
  }));
  return [...ids.map(({ accountId, withdrawalId }) => hold(accountId, withdrawalId)), ...captures];
}
