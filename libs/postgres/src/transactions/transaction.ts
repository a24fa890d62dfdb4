import type { Socket } from 'node:net';
import type { PoolClient } from 'pg';
import type { ObjectLiteral, QueryRunner } from 'typeorm';
import type { WireMessage } from '@sluice/messages';
import { isEcho } from '../connection/faults.js';
import { prepared } from '../connection/session-client.js';
import { type EntityClass, type EntityRepository, repositoryOf } from '../database/data-source.js';
import {
  ACCOUNT_TRANSACTION_REF_SQL,
  TRANSACTION_REF_SQL,
  type TransactionRef,
} from './commit-proof.js';

export interface Tx {
  /** Statements issued without awaiting are sent together; all are awaited before COMMIT. */
  query<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * Repository in this transaction. A failed operation fails it, even unawaited; await operations
   * whose order matters.
   */
  repository<E extends ObjectLiteral>(entity: EntityClass<E>): EntityRepository<E>;
  /**
   * Start of the transaction by the database's clock, in whole ms: `now()` in SQL, without a
   * statement.
   */
  now(): Promise<Date>;
  /** Claims messages; returns those not claimed before, in order. */
  claimInbox<M extends { readonly id: string }>(batch: readonly M[]): Promise<readonly M[]>;
  /**
   * Messages not claimed before, each id once, in order, without a claim: their effect is kept
   * elsewhere.
   */
  unclaimed<M extends { readonly id: string }>(batch: readonly M[]): Promise<readonly M[]>;
  /** A check awaited before COMMIT; its error fails the transaction. */
  require(check: Promise<unknown>): void;
  /** Puts messages into the outbox of this transaction; they leave right after COMMIT. */
  publish(...messages: readonly WireMessage[]): void;
}

/** `optimistic` fails on a duplicate; `checked` finds duplicates at twice the cost. */
export type ClaimMode = 'optimistic' | 'checked';

export class OpenTransaction implements Tx {
  readonly outgoing: WireMessage[] = [];
  /** True if COMMIT requires a check other than the statements' success. */
  hasChecks = false;
  private readonly issued: Promise<unknown>[] = [];
  private hasFailed = false;
  private isOver = false;
  private readonly socket: Socket;
  private ref: Promise<TransactionRef[]> | null = null;

  constructor(
    private readonly client: PoolClient,
    private readonly runner: QueryRunner,
    private readonly consumer: string,
    private readonly claimMode: ClaimMode,
  ) {
    // keeps TypeORM from starting a transaction, and allows row locks
    Object.assign(runner, { isTransactionActive: true });
    this.socket = (client as PoolClient & { connection: { stream: Socket } }).connection.stream;
  }

  /** Begins, limited to the account's rows unless null; the first statement need not wait. */
  async begin(account: string | null): Promise<TransactionRef> {
    void this.query('BEGIN');
    this.ref =
      account === null
        ? this.query<TransactionRef>(TRANSACTION_REF_SQL)
        : this.query<TransactionRef>(ACCOUNT_TRANSACTION_REF_SQL, [account]);
    return (await this.ref)[0] as TransactionRef;
  }

  async now(): Promise<Date> {
    const [ref] = (await this.ref) ?? [];
    if (!ref) throw new Error('a transaction that has not begun has no time');
    return ref.startedAt;
  }

  query<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    if (this.isOver)
      throw new Error('a statement was issued after COMMIT, outside the transaction');
    this.corkUntilNextTick();
    const rows = this.client
      .query(prepared(sql, params.map(arrayLiteral)))
      .then((result) => result.rows as R[]);
    this.issue(rows);
    return rows;
  }

  repository<E extends ObjectLiteral>(entity: EntityClass<E>): EntityRepository<E> {
    const repository = this.runner.manager.getRepository(entity);
    return repositoryOf((operation) => {
      const done = operation(repository);
      this.require(done);
      return done;
    });
  }

  /** One write for all statements of an event-loop turn: each write would wake the server. */
  private corkUntilNextTick(): void {
    if (this.socket.writableCorked > 0) return;
    this.socket.cork();
    process.nextTick(() => this.socket.uncork());
  }

  require(check: Promise<unknown>): void {
    this.hasChecks = true;
    this.issue(check);
  }

  private issue(outcome: Promise<unknown>): void {
    this.issued.push(outcome);
    // settle() reports the error, even if the caller does not await the outcome
    outcome.catch(() => (this.hasFailed = true));
  }

  async claimInbox<M extends { readonly id: string }>(batch: readonly M[]): Promise<readonly M[]> {
    // sorted everywhere: concurrent claims of the same messages wait, but never deadlock
    const ids = [...new Set(batch.map((message) => message.id))].sort();
    const fresh = new Set(await this.claim(ids));
    if (fresh.size === batch.length) return batch; // the usual case: no duplicate
    // delete: a duplicate within the batch counts once
    return batch.filter((message) => fresh.delete(message.id));
  }

  async unclaimed<M extends { readonly id: string }>(batch: readonly M[]): Promise<readonly M[]> {
    const left = new Set(batch.map(({ id }) => id));
    for (const { id } of await this.query<{ id: string }>(CLAIMED, [this.consumer, [...left]]))
      left.delete(id);
    return batch.filter(({ id }) => left.delete(id));
  }

  publish(...messages: readonly WireMessage[]): void {
    this.outgoing.push(...messages);
  }

  /**
   * Sends COMMIT with the turn's statements. After a failed one PostgreSQL rolls back, and `commit`
   * returns false. COMMIT is not sent after a statement refused by the driver itself.
   */
  async commit(): Promise<boolean> {
    this.socket.cork();
    let answer: Promise<{ readonly command: string }>;
    try {
      await driverHasRefused();
      if (this.hasFailed) return false;
      this.isOver = true;
      answer = this.client.query('COMMIT');
    } finally {
      this.socket.uncork();
    }
    return (await answer).command === 'COMMIT';
  }

  /** Throws the first error, which causes the others. */
  async settle(): Promise<void> {
    const results = await Promise.allSettled(this.issued);
    const failed = results.filter((result) => result.status === 'rejected');
    const first = failed.find(({ reason }) => !isEcho(reason)) ?? failed[0];
    if (first) throw first.reason;
  }

  private async claim(ids: readonly string[]): Promise<readonly string[]> {
    if (this.claimMode === 'optimistic') {
      await this.query(CLAIM, [this.consumer, ids]);
      return ids;
    }
    const rows = await this.query<{ id: string }>(
      `${CLAIM} ON CONFLICT DO NOTHING RETURNING message_id AS id`,
      [this.consumer, ids],
    );
    return rows.map(({ id }) => id);
  }
}

/** Resolves after the driver has rejected statements that it cannot send, in a tick. */
async function driverHasRefused(): Promise<void> {
  for (let tick = 0; tick < 2; tick++) await new Promise<void>((done) => process.nextTick(done));
}

// OFFSET 0 keeps a look-up by key for each id: it reads a single partition.
const CLAIMED = `
  SELECT k.id FROM unnest($2::text[]) AS k (id),
    LATERAL (SELECT FROM inbox WHERE consumer = $1 AND message_id = k.id OFFSET 0) AS claimed`;

const CLAIM =
  'INSERT INTO inbox (consumer, message_id) SELECT $1, id FROM unnest($2::text[]) AS id';

/**
 * PostgreSQL array literal by native JSON quoting, equal if no character needs escaping; other
 * parameters unchanged.
 */
export function arrayLiteral(param: unknown): unknown {
  if (!Array.isArray(param) || !param.every(isPlain)) return param;
  const json = JSON.stringify(param);
  return json.includes('\\') ? param : `{${json.slice(1, -1)}}`;
}

function isPlain(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    value === null ||
    typeof value === 'boolean' ||
    Number.isFinite(value)
  );
}
