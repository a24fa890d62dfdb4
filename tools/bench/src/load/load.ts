import { openClient } from '../machine/open-client.js';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  SignedClient,
  fieldsOf,
  openAccount,
  twoPeople,
  urlOfAllAccounts,
  type DemoAccount,
  type IntakeAnswer,
  type RunFile,
} from '@sluice/stack';
import type { Client } from 'pg';
import { percentiles } from './percentiles.js';

const ACCOUNTS = 8;
/** Connections of all accounts together. */
export const CONNECTIONS = 512;
/** Account of the load: money for every withdrawal, and the right to withdraw. */
export const PAYER = {
  permissions: ['withdraw' as const],
  fundings: [{ currency: 'USDT', network: 'ETH', amount: '1000000' }],
};
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
    private readonly clients: readonly SignedClient[],
    private readonly database: Client,
    readonly accounts: readonly DemoAccount[],
  ) {}

  static async prepare(run: RunFile): Promise<Load> {
    const people = twoPeople(() => run);
    const accounts = await Promise.all(
      Array.from({ length: ACCOUNTS }, (_, at) => openAccount(people, `bench ${at}`, PAYER)),
    );
    const kept = { connections: CONNECTIONS / ACCOUNTS };
    const clients = accounts.map((one) => new SignedClient([run.intake_url], one, kept));
    const database = await openClient(urlOfAllAccounts(run.databases['intake-api']));
    return new Load(clients, database, accounts);
  }

  async run(rate: number, seconds: number): Promise<Observed> {
    const after = await this.lastNumber();
    const startedAt = Date.now();
    const posts: Sample[] = [];
    const dueAt = new Map<number, number>();
    const refused: Record<string, number> = {};
    await openLoop(rate, seconds, async (arrival) => {
      const { status, message, data } = await this.post();
      posts.push({
        dueMs: arrival.dueAt - startedAt,
        tookMs: performance.now() - arrival.dueMs,
      });
      const number = fieldsOf(data)['withdrawal_id'];
      if (status === 200 && typeof number === 'number') dueAt.set(number, arrival.dueAt);
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
    await Promise.all(
      [...this.clients, { close: () => this.database.end() }].map((one) => one.close()),
    );
  }

  private post(): Promise<IntakeAnswer> {
    const client = this.clients[randomInt(this.clients.length)] as SignedClient;
    return postWithdrawal(client, {});
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

/** Requests a withdrawal of USDT to a fresh address. */
export function postWithdrawal(client: SignedClient, change: object): Promise<IntakeAnswer> {
  const body = {
    currency: 'USDT',
    network: 'ETH',
    to_address: `0x${randomBytes(20).toString('hex')}`,
    amount: '5.25',
    client_reference: randomUUID(),
    ...change,
  };
  return client.send(client.sign('POST', '/v1/withdrawals', JSON.stringify(body)));
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

interface Arrival {
  /** Due time in `performance.now()` time: lateness of the generator counts as latency. */
  readonly dueMs: number;
  /** Unix time in milliseconds of the same moment. */
  readonly dueAt: number;
}

/**
 * A late timer would count as our latency: the timer is set for the next request. At high rates a
 * coarser timer avoids a timer per request.
 */
const [SHORTEST_MS, BUSY_MS, BUSY_RATE] = [1, 5, 600];

/** Starts `rate` pieces of work per second for `seconds`, whether the earlier ones have been answered or not; resolves when all are. */
export async function openLoop(
  rate: number,
  seconds: number,
  work: (arrival: Arrival) => Promise<void>,
): Promise<void> {
  const total = Math.round(rate * seconds);
  const running: Promise<void>[] = [];
  const start = performance.now();
  const startAt = Date.now();
  while (running.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate) + 1);
    while (running.length < due) {
      const offset = (running.length / rate) * 1000;
      running.push(work({ dueMs: start + offset, dueAt: startAt + offset }));
    }
    const nextMs = start + (running.length / rate) * 1000 - performance.now();
    await sleep(Math.max(nextMs, rate > BUSY_RATE ? BUSY_MS : SHORTEST_MS));
  }
  await Promise.all(running);
}
