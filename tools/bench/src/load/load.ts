import {
  atRate,
  keepInFlight,
  openAccount,
  percentiles,
  RecordedWithdrawals,
  SignedClient,
  textOf,
  fieldsOf,
  toFreshAddress,
  twoPeople,
  urlOfAllAccounts,
  type DemoAccount,
  type IntakeAnswer,
  type RunFile,
} from '@sluice/stack';
import { randomInt } from 'node:crypto';
import type { Client } from 'pg';
import { openClient } from '../machine/open-client.js';

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
    const record = new RecordedWithdrawals(this.database);
    const after = await record.lastNumber();
    const startedAt = Date.now();
    const posts: Sample[] = [];
    const dueOf = new Map<string, number>();
    const refused: Record<string, number> = {};
    const offered = Math.round(rate * seconds);
    await atRate({ perSecond: rate, count: offered }, async ({ dueMs, dueAt }) => {
      const number = await this.post(refused);
      posts.push({ dueMs: dueAt - startedAt, tookMs: performance.now() - dueMs });
      dueOf.set(number, dueAt);
    });
    await record.openAfter(after, DRAIN_LIMIT_MS);
    const final = await record.capturesAfter(after);
    const lastCapture = [...final.values()].reduce((latest, at) => Math.max(latest, at), startedAt);
    const captures = [...final].flatMap(([number, at]): Sample[] => {
      const due = dueOf.get(number);
      return due === undefined ? [] : [{ dueMs: due - startedAt, tookMs: at - due }];
    });
    return {
      rate,
      offered,
      captured: final.size,
      refused,
      perSecond: final.size / ((lastCapture - startedAt) / 1000),
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
    await keepInFlight(
      FILLING_AT_ONCE,
      () => begun++ < count,
      async () => {
        await this.post(refused);
        onPosted((posted += 1));
      },
    );
    return refused;
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.clients, { close: () => this.database.end() }].map((one) => one.close()),
    );
  }

  /** Returns the public number; a refusal is counted, and has none. */
  private async post(refused: Record<string, number>): Promise<string> {
    const client = this.clients[randomInt(this.clients.length)] as SignedClient;
    const { status, message, data } = await postWithdrawal(client, {});
    if (status === 200) return textOf(fieldsOf(data)['withdrawal_id']);
    const what = `${status} ${message}`;
    refused[what] = (refused[what] ?? 0) + 1;
    return '';
  }
}

/** Requests a withdrawal of USDT to a fresh address. */
export function postWithdrawal(client: SignedClient, change: object): Promise<IntakeAnswer> {
  const body = JSON.stringify(toFreshAddress(change));
  return client.send(client.sign('POST', '/v1/withdrawals', body));
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
