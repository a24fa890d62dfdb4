import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { urlOfAllAccounts, type DemoAccount, type RunFile } from '@sluice/stack';
import { Client } from 'pg';
import { openAccount } from './open-account.js';
import { openLoop } from './open-loop.js';
import { percentiles } from './percentiles.js';
import { SignedPoster, type Posted } from './signed-poster.js';

const ACCOUNTS = 8;
const FILLING_AT_ONCE = 64;
const DRAIN_LIMIT_MS = 60_000;
const DRAIN_POLL_MS = 250;

/** Result of an open-loop run, from the first due time to the last capture. */
export interface LoadResult {
  readonly rate: number;
  readonly offered: number;
  readonly captured: number;
  /** Answers other than 200, by message. */
  readonly refused: Readonly<Record<string, number>>;
  /** Captured per second of the whole run, drain included. */
  readonly perSecond: number;
  /** Time from the end of arrivals to the last capture. */
  readonly drainMs: number;
  readonly post: { p50: number; p95: number; p99: number };
  readonly captureMs: { p50: number; p95: number; p99: number };
}

/**
 * A withdrawal: due time in milliseconds after the start of the run, and duration from the due time
 * on.
 */
export interface Sample {
  readonly dueMs: number;
  readonly tookMs: number;
}

/** A load result with a sample for each withdrawal. */
export interface Observed extends LoadResult {
  readonly posts: readonly Sample[];
  readonly captures: readonly Sample[];
}

/** Drives signed POSTs against a running system and reads from the intake's own table when each was captured. */
export class Load {
  private constructor(
    private readonly poster: SignedPoster,
    private readonly database: Client,
    readonly accounts: readonly DemoAccount[],
  ) {}

  static async prepare(run: RunFile): Promise<Load> {
    const accounts = await Promise.all(
      Array.from({ length: ACCOUNTS }, (_, index) => openAccount(run, `bench ${index}`)),
    );
    const database = new Client({
      connectionString: urlOfAllAccounts(run.databases['intake-api']),
    });
    // a failed run stops the server; the next query reports the error
    database.on('error', () => undefined);
    await database.connect();
    return new Load(new SignedPoster(run.intake_url), database, accounts);
  }

  async run(rate: number, seconds: number): Promise<Observed> {
    const after = await this.lastNumber();
    const startedAt = Date.now();
    const posts: Sample[] = [];
    const dueAt = new Map<number, number>();
    const refused: Record<string, number> = {};
    await openLoop(rate, seconds, async (arrival) => {
      const { status, withdrawalId, message } = await this.post();
      posts.push({
        dueMs: arrival.dueAt - startedAt,
        tookMs: performance.now() - arrival.dueMs,
      });
      if (status === 200 && withdrawalId !== null) dueAt.set(withdrawalId, arrival.dueAt);
      else refused[`${status} ${message}`] = (refused[`${status} ${message}`] ?? 0) + 1;
    });
    const final = await this.drain(after, startedAt);
    const lastCapture = final.reduce((latest, { at }) => Math.max(latest, at), startedAt);
    const captures = final.flatMap(({ number, at }): Sample[] => {
      const due = dueAt.get(number);
      return due === undefined ? [] : [{ dueMs: due - startedAt, tookMs: at - due }];
    });
    return {
      rate,
      offered: Math.round(rate * seconds),
      captured: final.length,
      refused,
      perSecond: final.length / ((lastCapture - startedAt) / 1000),
      drainMs: Math.max(0, lastCapture - startedAt - seconds * 1000),
      post: percentiles(posts.map(({ tookMs }) => tookMs)),
      captureMs: percentiles(captures.map(({ tookMs }) => tookMs)),
      posts,
      captures,
    };
  }

  /**
   * Sends the given number of POSTs, 64 at a time, each followed by the next. Returns the number of
   * refusals by message, without durations.
   */
  async fill(count: number, onPosted: (posted: number) => void): Promise<Record<string, number>> {
    const refused: Record<string, number> = {};
    let [begun, posted] = [0, 0];
    const client = async (): Promise<void> => {
      while (begun < count) {
        begun += 1;
        const { status, message } = await this.post();
        if (status !== 200)
          refused[`${status} ${message}`] = (refused[`${status} ${message}`] ?? 0) + 1;
        posted += 1;
        onPosted(posted);
      }
    };
    await Promise.all(Array.from({ length: FILLING_AT_ONCE }, client));
    return refused;
  }

  async close(): Promise<void> {
    await Promise.all([this.poster.close(), this.database.end()]);
  }

  /** Status 0 where no answer came. */
  private post(): Promise<Posted> {
    return this.poster
      .post(this.account(), withdrawal())
      .catch((error: Error) => ({ status: 0, withdrawalId: null, message: error.message }));
  }

  private account(): DemoAccount {
    return this.accounts[randomBytes(1).readUInt8() % this.accounts.length] as DemoAccount;
  }

  private async lastNumber(): Promise<string> {
    const { rows } = await this.database.query<{ last: string }>(
      'SELECT coalesce(max(number), 0)::text AS last FROM withdrawal',
    );
    return rows[0]?.last ?? '0';
  }

  /** Waits until all withdrawals accepted since `after` are final, at most a minute. */
  private async drain(after: string, since: number): Promise<{ number: number; at: number }[]> {
    for (
      const until = Date.now() + DRAIN_LIMIT_MS;
      Date.now() < until;
      await sleep(DRAIN_POLL_MS)
    ) {
      const { rows } = await this.database.query<{ open: string }>(
        `SELECT count(*)::text AS open FROM withdrawal WHERE number > $1 AND state NOT IN ('completed', 'failed', 'rejected', 'cancelled')`,
        [after],
      );
      if (rows[0]?.open === '0') break;
    }
    const { rows } = await this.database.query<{ number: string; at: Date }>(
      `SELECT number::text, confirmed_at AS at FROM withdrawal WHERE number > $1 AND state = 'completed' AND requested_at >= $2`,
      [after, new Date(since)],
    );
    return rows.map((row) => ({ number: Number(row.number), at: row.at.getTime() }));
  }
}

function withdrawal() {
  return {
    currency: 'USDT',
    network: 'ETH',
    to_address: `0x${randomBytes(20).toString('hex')}`,
    amount: '5.25',
    client_reference: randomUUID(),
  };
}

/** Describes all results of a run in a single line. */
export function describeLoad(result: LoadResult): string {
  const refused = Object.entries(result.refused).map(([what, count]) => ` · ${count}× ${what}`);
  const { post, captureMs } = result;
  const percentilesOf = ({ p50, p95, p99 }: LoadResult['post']): string =>
    `p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} p99 ${p99.toFixed(1)} ms`;
  return (
    `${result.rate}/s offered: ${result.captured} of ${result.offered} captured, ${result.perSecond.toFixed(0)}/s, drained in ${(result.drainMs / 1000).toFixed(1)} s · ` +
    `POST ${percentilesOf(post)} · captured ${percentilesOf(captureMs)}${refused.join('')}`
  );
}
