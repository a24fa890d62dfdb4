import {
  FIRST_VENUE,
  RecordedWithdrawals,
  connectorOf,
  pause,
  specOf,
  superuserUrlOf,
  type System,
} from '@sluice/stack';
import { openClient } from '../machine/open-client.js';
import { withBenchSystem, type BenchOptions } from '../system/bench-system.js';
import { sustainedRate } from '../load/find-sustained.js';
import type { Load } from '../load/load.js';
import { startMeter, totalOf, warn } from '../machine/machine.js';

const COUNT = 100_000;
/** Connector of the first venue in the routes of the load. */
const CONNECTOR = connectorOf(FIRST_VENUE);
const [POLL_MS, SAY_MS, STALLED_MS] = [1_000, 10_000, 60_000];
/**
 * Share of the sustained rate. With a slower drain, an outage is felt much longer than the outage
 * lasted.
 */
const SHARE = 0.8;

interface BacklogReport extends Drain {
  /** Number of withdrawals accepted while the connector was stopped. */
  readonly accepted: number;
  /** Sustained rate, measured in the same run or given. */
  readonly sustained_per_second: number;
  readonly ratio_to_sustained: number;
  /** Time without the connector, in seconds. */
  readonly stopped_s: number;
  readonly refused: Readonly<Record<string, number>>;
  /** CPU time during the drain, without the client. */
  readonly cpu_ms_per_withdrawal: number;
  readonly others_cores: number;
}

/**
 * Stops the connector of a venue, waits until the given number of accepted withdrawals has
 * gathered, starts the connector and measures the rate of captures.
 */
export async function benchBacklog(options: BenchOptions): Promise<BacklogReport> {
  const { say, seconds, count = COUNT } = options;
  return withBenchSystem(options, async (system, load) => {
    const meter = () => startMeter(() => system.run.processes);
    const run = (rate: number, forSeconds: number) => load.run(rate, forSeconds);
    const sustained =
      options.rate ?? (await sustainedRate({ run, meter, seconds, say })).best?.perSecond;
    if (sustained === undefined) throw new Error('no rate was sustained; --rate N names one');
    const client = await openClient(superuserUrlOf(system, specOf('intake-api').database));
    try {
      const record = new RecordedWithdrawals(client);
      const gathered = { record, after: await record.lastNumber(), say };
      const stoppedAt = performance.now();
      await system.processes.get(CONNECTOR)?.stop();
      say(`${CONNECTOR} is stopped; ${count} withdrawals`);
      const refused = await filled(load, count, say);
      await untilAll(gathered, 'ordered');
      const stopped_s = Math.round((performance.now() - stoppedAt) / 1_000);
      const spent = meter();
      const drain = drainOf(await drained(system, gathered));
      const cost = spent();
      warn('the drain', cost, say);
      const ratio = Number((drain.drain_per_second / sustained).toFixed(3));
      say(
        `drained at ${drain.drain_per_second}/s, ${ratio} of the sustained ${Math.round(sustained)}/s: ${ratio >= SHARE ? 'as it should' : 'TOO SLOW'}`,
      );
      return {
        accepted: drain.captured,
        ...drain,
        sustained_per_second: Math.round(sustained),
        ratio_to_sustained: ratio,
        stopped_s,
        refused,
        others_cores: cost.othersCores,
        cpu_ms_per_withdrawal: Number((totalOf(cost.cpuMs) / drain.captured).toFixed(2)),
      };
    } finally {
      await client.end();
    }
  });
}

async function filled(
  load: Load,
  count: number,
  say: BenchOptions['say'],
): Promise<Record<string, number>> {
  const [since, each] = [performance.now(), Math.ceil(count / 10)];
  return load.fill(count, (posted) => {
    if (posted % each > 0 && posted < count) return;
    say(`  ${posted} posted, ${perSecond(posted, since)}/s`);
  });
}

/**
 * Starts the connector and waits until every withdrawal is captured. Captures before the
 * connector's readiness count as well.
 */
async function drained(system: System, gathered: Gathered): Promise<Moments> {
  const { record, after } = gathered;
  const startedAt = await record.now();
  await Promise.all([untilAll(gathered, 'ended'), system.restart(CONNECTOR)]);
  return { startedAt, captured: [...(await record.capturesAfter(after)).values()] };
}

/** Withdrawals after a number. */
interface Gathered {
  readonly record: RecordedWithdrawals;
  readonly after: string;
  readonly say: BenchOptions['say'];
}

/**
 * Waits until every withdrawal is ordered (has a hold, and an order waiting for the connector) or
 * has ended. Reports progress from time to time; throws after a minute without progress.
 */
async function untilAll(
  { record, after, say }: Gathered,
  what: 'ordered' | 'ended',
): Promise<void> {
  const since = performance.now();
  let [best, movedAt, saidAt] = [-1, since, since];
  for (; ; await pause(POLL_MS)) {
    const { all, [what]: there } = await record.progress(after);
    if (there === all) return;
    const at = performance.now();
    if (there > best) [best, movedAt] = [there, at];
    if (at - movedAt > STALLED_MS)
      throw new Error(`only ${there} of ${all} withdrawals are ${what}, and none for a minute`);
    if (at - saidAt <= SAY_MS) continue;
    saidAt = at;
    say(`  ${there} of ${all} ${what}, ${perSecond(there, since)}/s`);
  }
}

function perSecond(count: number, since: number): number {
  return Math.round((count * 1_000) / (performance.now() - since));
}

/** Start of the connector, and capture time of each withdrawal; Unix milliseconds. */
interface Moments {
  readonly startedAt: number;
  readonly captured: readonly number[];
}

interface Drain {
  readonly captured: number;
  /** Between the first capture and the last. */
  readonly drain_per_second: number;
  /**
   * Rates of the slowest and the fastest fifth of the captures in order: shows how even the drain
   * is.
   */
  readonly slowest_fifth_per_second: number;
  readonly fastest_fifth_per_second: number;
  /** Time from the start of the connector's process to the first capture, and to the last. */
  readonly first_after_s: number;
  readonly drained_after_s: number;
}

/**
 * Measures the drain of a backlog. The start of the process is reported separately and is not part
 * of the rate.
 */
export function drainOf({ startedAt, captured }: Moments): Drain {
  const moments = captured.toSorted((a, b) => a - b);
  const fifth = Math.ceil(moments.length / 5);
  const fifths = [0, 1, 2, 3, 4].map((n) =>
    rateOf(moments.slice(Math.max(0, n * fifth - 1), (n + 1) * fifth)),
  );
  const after = (at: number | undefined): number =>
    Number((((at ?? startedAt) - startedAt) / 1_000).toFixed(1));
  return {
    captured: moments.length,
    drain_per_second: rateOf(moments),
    slowest_fifth_per_second: Math.min(...fifths),
    fastest_fifth_per_second: Math.max(...fifths),
    first_after_s: after(moments[0]),
    drained_after_s: after(moments.at(-1)),
  };
}

function rateOf(moments: readonly number[]): number {
  const ms = (moments.at(-1) ?? 0) - (moments[0] ?? 0);
  return ms > 0 ? Math.round(((moments.length - 1) * 1_000) / ms) : 0;
}
