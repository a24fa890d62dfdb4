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

/** Operations of a unit of work inside a single transaction. */
export interface Tx {
  /**
   * Runs a statement. Statements issued without awaiting the previous are sent together
   * (pipelined). All statements are awaited before COMMIT.
   */
  query<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * Repository of an entity, in this transaction. A failed operation fails the transaction like a
   * statement, even if not awaited. An operation not awaited may be sent after statements issued
   * later: await the operation if the order matters.
   */
  repository<E extends ObjectLiteral>(entity: EntityClass<E>): EntityRepository<E>;
  /**
   * Start of this transaction by the database's clock, in whole milliseconds: the same moment as
   * `now()` in SQL. The call runs no statement.
   */
  now(): Promise<Date>;
  /**
   * Claims messages for this consumer. Returns the messages not claimed by an earlier commit, in
   * the given order.
   */
  claimInbox<M extends { readonly id: string }>(batch: readonly M[]): Promise<readonly M[]>;
  /**
   * Returns the messages not claimed by an earlier commit, each id once, in the given order. Claims
   * no message: for messages whose effect is kept elsewhere, and only some of which need a claim.
   */
  unclaimed<M extends { readonly id: string }>(batch: readonly M[]): Promise<readonly M[]>;
  /**
   * Registers a check required for COMMIT. An error of the check fails the transaction like an
   * error of a statement. The check is awaited before COMMIT.
   */
  require(check: Promise<unknown>): void;
  /** Puts messages into the outbox of this transaction; they leave right after COMMIT. */
  publish(...messages: readonly WireMessage[]): void;
}

/**
 * Mode of the inbox claim. `optimistic` assumes only new messages, the usual case, and fails on a
 * duplicate. `checked` finds the duplicates, at twice the cost.
 */
export type ClaimMode = 'optimistic' | 'checked';

/** Transaction on a pooled connection. */
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

  /**
   * Begins the transaction and returns the reference. The first statement need not await this call.
   * The transaction is limited to rows of the account, unless the account is null.
   */
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

  /**
   * Sends all statements issued in the same turn of the event loop in a single write, because each
   * separate write would wake the server.
   */
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
   * Sends COMMIT in one write with the statements of this turn, without awaiting the answers to
   * the statements. After a failed statement PostgreSQL answers COMMIT with a rollback, and `commit`
   * returns false. A statement refused by the driver itself never reaches PostgreSQL; in this case
   * COMMIT is not sent.
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

  /**
   * Awaits every statement issued until now. Throws the first error, because the first error causes
   * the others.
   */
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

/**
 * Resolves after the driver has rejected the statements of this turn that it cannot send. The driver
 * rejects these in a tick, and the promises pass the rejection on before the next tick.
 */
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
 * Formats an array of plain values as a PostgreSQL array literal. The driver escapes every value
 * letter by letter. Native JSON quoting gives the same text if no character needs escaping. Returns
 * every other parameter unchanged, for the driver to format.
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
