import { setTimeout as sleep } from 'node:timers/promises';
import { connectorOf, type System } from '@sluice/stack';
import { Client } from 'pg';
import type { BenchOptions } from '../bench-options.js';
import { superuserUrl, withBenchSystem } from '../bench-system.js';
import { sustainedRate } from '../e2e/sustained.js';
import type { Load } from '../load.js';
import { startMeter, totalOf, warningOf } from '../machine.js';
import { drainOf, type Drain, type Moments } from './drain.js';

const COUNT = 100_000;
/** The venue that the routes of the load name first. */
const CONNECTOR = connectorOf('gateio');
const [POLL_MS, SAY_MS, STALLED_MS] = [1_000, 10_000, 60_000];
/** Of the sustained rate: slower, and an outage is felt for much longer than it lasted. */
const SHARE = 0.8;

export interface BacklogReport extends Drain {
  /** Withdrawals that were accepted while the connector was stopped. */
  readonly accepted: number;
  /** What was sustained in the same run, or given. */
  readonly sustained_per_second: number;
  readonly ratio_to_sustained: number;
  /** How long the connector was stopped, in seconds. */
  readonly stopped_s: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Of everything but the client, while it drained. */
  readonly cpu_ms_per_withdrawal: number;
  readonly others_cores: number;
}

/** Stops the connector of one venue, lets that many accepted withdrawals gather behind it, starts it again and counts how fast they are captured. */
export async function benchBacklog(options: BenchOptions): Promise<BacklogReport> {
  const { say, seconds, count = COUNT } = options;
  return withBenchSystem(options, async (system, load) => {
    const meter = () => startMeter(() => system.run.processes);
    const run = (rate: number, forSeconds: number) => load.run(rate, forSeconds);
    const sustained =
      options.rate ?? (await sustainedRate({ run, meter, seconds, say })).best?.perSecond;
    if (sustained === undefined) throw new Error('no rate was sustained; --rate N names one');
    const gathered = new Gathered(await connected(system));
    try {
      await gathered.begin();
      const stoppedAt = performance.now();
      await system.processes.get(CONNECTOR)?.stop();
      say(`${CONNECTOR} is stopped; ${count} withdrawals`);
      const refused = await filled(load, count, say);
      await gathered.untilOrdered(say);
      const stopped_s = Math.round((performance.now() - stoppedAt) / 1_000);
      const spent = meter();
      const drain = drainOf(await drained(system, gathered, say));
      const cost = spent();
      const warning = warningOf('the drain', cost);
      if (warning !== null) say(warning);
      const ratio = Number((drain.drain_per_second / sustained).toFixed(3));
      say(
        `drained at ${drain.drain_per_second}/s, ${ratio} of the sustained ${Math.round(sustained)}/s: ${ratio >= SHARE ? 'as it should' : 'TOO SLOW'}`,
      );
      return {
        ...{ accepted: drain.captured, ...drain },
        ...{ sustained_per_second: Math.round(sustained), ratio_to_sustained: ratio },
        ...{ stopped_s, refused, others_cores: cost.othersCores },
        cpu_ms_per_withdrawal: Number((totalOf(cost.cpuMs) / drain.captured).toFixed(2)),
      };
    } finally {
      await gathered.close();
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

/** Starts the connector and waits until everything has been captured. What was captured before it was said to be ready counts, too. */
async function drained(
  system: System,
  gathered: Gathered,
  say: BenchOptions['say'],
): Promise<Moments> {
  const startedAt = await gathered.now();
  const starting = system.restart(CONNECTOR);
  const [captured] = await Promise.all([gathered.untilFinal(say), starting]);
  return { startedAt, captured };
}

/** What the intake's own table says of the withdrawals since a moment. */
class Gathered {
  private after = '0';

  constructor(private readonly database: Client) {}

  async begin(): Promise<void> {
    const { rows } = await this.database.query<{ last: string }>(
      'SELECT coalesce(max(number), 0)::text AS last FROM withdrawal',
    );
    this.after = rows[0]?.last ?? '0';
  }

  /** Each has its hold, and its order waits for the connector. */
  untilOrdered(say: BenchOptions['say']): Promise<void> {
    return this.until(`state <> 'requested'`, 'ordered', say);
  }

  /** When each was captured, in Unix milliseconds by the database's clock, once all have ended. */
  async untilFinal(say: BenchOptions['say']): Promise<readonly number[]> {
    await this.until(FINAL_SQL, 'ended', say);
    const { rows } = await this.database.query<{ at: Date }>(
      `SELECT confirmed_at AS at FROM withdrawal WHERE number > $1 AND state = 'completed'`,
      [this.after],
    );
    return rows.map(({ at }) => at.getTime());
  }

  /** In Unix milliseconds. */
  async now(): Promise<number> {
    const { rows } = await this.database.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    return rows[0]?.at.getTime() ?? Number.NaN;
  }

  async close(): Promise<void> {
    await this.database.end();
  }

  /** Says how far it is now and then; throws when nothing moves for a minute. */
  private async until(conditionSql: string, what: string, say: BenchOptions['say']): Promise<void> {
    const since = performance.now();
    let [best, movedAt, saidAt] = [-1, since, since];
    for (;;) {
      const { rows } = await this.database.query<{ there: number; all: number }>(
        `SELECT count(*) FILTER (WHERE ${conditionSql})::int AS there, count(*)::int AS all FROM withdrawal WHERE number > $1`,
        [this.after],
      );
      const { there, all } = rows[0] ?? { there: 0, all: 0 };
      if (there === all) return;
      const at = performance.now();
      if (there > best) [best, movedAt] = [there, at];
      if (at - movedAt > STALLED_MS)
        throw new Error(`only ${there} of ${all} withdrawals are ${what}, and none for a minute`);
      if (at - saidAt > SAY_MS) {
        saidAt = at;
        say(`  ${there} of ${all} ${what}, ${perSecond(there, since)}/s`);
      }
      await sleep(POLL_MS);
    }
  }
}

const FINAL_SQL = `state IN ('completed', 'failed', 'rejected', 'cancelled')`;

async function connected(system: System): Promise<Client> {
  const database = new URL(system.run.databases['intake-api']).pathname.slice(1);
  const client = new Client({ connectionString: superuserUrl(system, database) });
  client.on('error', () => undefined); // the server is stopped under it when a run fails; the next query says so
  await client.connect();
  return client;
}

function perSecond(count: number, since: number): number {
  return Math.round((count * 1_000) / (performance.now() - since));
}
