import { openClient } from '../machine/open-client.js';
import {
  atRate,
  keepInFlight,
  percentiles,
  RecordedWithdrawals,
  connectorOf,
  FIRST_VENUE,
  startSystem,
  urlOfAllAccounts,
  type System,
  SignedClient,
  twoPeople,
  openAccount,
} from '@sluice/stack';
import type { Client } from 'pg';
import type { BenchOptions } from '../system/bench-system.js';
import { CONNECTIONS, PAYER, postWithdrawal } from '../load/load.js';
import { usageOf } from '../machine/machine.js';
import { measureCeiling } from './ceiling.js';
import { steadyRate } from './steady-rate.js';

const BLOCK_MS = 1_000;
const WARM_UP = { seconds: 5, inFlight: 32 };
/**
 * Number of requests waiting for a response at any moment: more than are broadcast between two
 * blocks.
 */
const FULL = { seconds: 30, inFlight: 256 };
const CALM = { rate: 20, seconds: 20 };
const DRAINED_WITHIN_MS = 120_000;
/** Processes without a counterpart in production: the load, and the simulated counterparties. */
const NOT_COUNTED = new RegExp(`^(generator|chain-|venue-simulator|${connectorOf(FIRST_VENUE)})`);

interface WalletReport {
  readonly confirmed_per_second_1: number;
  readonly confirmed_per_second_8: number;
  readonly ceiling_per_second: number;
  readonly post_to_hash_p50_ms: number;
  readonly post_to_hash_p99_ms: number;
  readonly cpu_ms_per_withdrawal: number;
  readonly cpu_ms_by_process: Readonly<Record<string, number>>;
}

/** Measurements of a system run. */
interface Measured {
  readonly perSecond: number;
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly confirmed: number;
  readonly postMs: { readonly p50: number; readonly p99: number };
  readonly ceiling: number;
}

/**
 * Measures dollar payments by the wallet on a chain with a block each second, by a single sending
 * address and by eight. Also measures the node alone.
 */
export async function benchWallet({ home, say }: BenchOptions): Promise<WalletReport> {
  const one = await measured(`${home}/one`, 1, say);
  const eight = await measured(`${home}/eight`, 8, say);
  const each = (ms: number): number => Number((ms / eight.confirmed).toFixed(2));
  const counted = Object.entries(eight.cpuMs).filter(([name]) => !NOT_COUNTED.test(name));
  return {
    confirmed_per_second_1: one.perSecond,
    confirmed_per_second_8: eight.perSecond,
    ceiling_per_second: eight.ceiling,
    post_to_hash_p50_ms: one.postMs.p50,
    post_to_hash_p99_ms: one.postMs.p99,
    cpu_ms_per_withdrawal: each(counted.reduce((sum, [, ms]) => sum + ms, 0)),
    cpu_ms_by_process: Object.fromEntries(
      Object.entries(eight.cpuMs).map(([name, ms]) => [name, each(ms)]),
    ),
  };
}

async function measured(
  home: string,
  hotWallets: number,
  say: BenchOptions['say'],
): Promise<Measured> {
  const system = await startSystem({
    home,
    pace: 'fast',
    logLevel: 'warn',
    venues: [FIRST_VENUE, 'wallet'],
    chains: { hotWallets, blockMs: BLOCK_MS, kept: false },
    onStep: (step, ms) => say(`  ${step} (${ms} ms)`),
  });
  const load = await WalletLoad.prepare(system);
  try {
    await load.full(WARM_UP);
    await load.drained();
    const postMs = await load.calm(CALM.rate, CALM.seconds);
    say(`${hotWallets} sending: POST to hash p50 ${postMs.p50} p99 ${postMs.p99} ms`);
    const before = usageOf(pidsOf(system));
    const since = await load.full(FULL);
    const confirmedAt = await load.confirmedSince(since);
    const after = usageOf(pidsOf(system));
    const perSecond = steadyRate(confirmedAt);
    say(`${hotWallets} sending: ${confirmedAt.length} confirmed, ${perSecond} per second`);
    const ceiling = await measureCeiling(system.run.chains, say);
    const cpuMs = Object.fromEntries(
      Object.entries(after).map(([name, usage]) => [
        name,
        usage.cpuMs - (before[name]?.cpuMs ?? 0),
      ]),
    );
    return { perSecond, cpuMs, confirmed: confirmedAt.length, postMs, ceiling };
  } finally {
    await load.close();
    await system.stop();
  }
}

function pidsOf({ run }: System): Record<string, number> {
  return { ...run.processes, generator: process.pid };
}

/**
 * Sends signed POSTs of an account with the wallet as venue, and reads confirmation times from
 * intake-api's own record.
 */
class WalletLoad {
  private readonly record: RecordedWithdrawals;

  private constructor(
    private readonly client: SignedClient,
    private readonly database: Client,
  ) {
    this.record = new RecordedWithdrawals(database);
  }

  static async prepare({ run }: System): Promise<WalletLoad> {
    const account = await openAccount(
      twoPeople(() => run),
      'bench',
      PAYER,
    );
    const database = await openClient(urlOfAllAccounts(run.databases['intake-api']));
    const kept = { connections: CONNECTIONS };
    return new WalletLoad(new SignedClient([run.intake_url], account, kept), database);
  }

  /**
   * Keeps the given number of requests in flight: each response is followed by another request.
   * Resolves with the last number before the first request.
   */
  async full({
    seconds,
    inFlight,
  }: {
    readonly seconds: number;
    readonly inFlight: number;
  }): Promise<string> {
    const before = await this.record.lastNumber();
    const until = performance.now() + seconds * 1000;
    await keepInFlight(
      inFlight,
      () => performance.now() < until,
      () => this.post(),
    );
    return before;
  }

  /** Milliseconds from a request's due time to the response. */
  async calm(rate: number, seconds: number): Promise<{ p50: number; p99: number }> {
    const took: number[] = [];
    await atRate({ perSecond: rate, count: rate * seconds }, async ({ dueMs }) => {
      await this.post();
      took.push(performance.now() - dueMs);
    });
    const { p50, p99 } = percentiles(took);
    return { p50: Number(p50.toFixed(1)), p99: Number(p99.toFixed(1)) };
  }

  /**
   * Waits until all withdrawals are confirmed. Returns the confirmation times after this number in
   * Unix milliseconds.
   */
  async confirmedSince(number: string): Promise<readonly number[]> {
    await this.drained();
    return [...(await this.record.capturesAfter(number)).values()];
  }

  async drained(): Promise<void> {
    if ((await this.record.openAfter('0', DRAINED_WITHIN_MS)) > 0)
      throw new Error(`after ${DRAINED_WITHIN_MS / 1000} s some payments are not confirmed`);
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.database.end()]);
  }

  private async post(): Promise<void> {
    const { status, message } = await postWithdrawal(this.client, { venue: 'wallet' });
    // 504: the withdrawal is recorded and in progress, but the hash was not known in time.
    if (status !== 200 && status !== 504) throw new Error(`answered ${status ?? ''} ${message}`);
  }
}
