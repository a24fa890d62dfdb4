import type { Socket } from 'node:net';
import type { WireMessage } from '@sluice/messages';
import type { PoolClient } from 'pg';
import type { ObjectLiteral, QueryRunner } from 'typeorm';
import { arrayLiteral } from './array-literal.js';
import { TRANSACTION_REF_SQL, type TransactionRef } from './commit-proof.js';
import { isEcho } from './faults.js';
import { prepared } from './prepared.js';
import { repositoryOf, type EntityClass, type EntityRepository } from './repository.js';

/** What a unit of work may do inside its one transaction. */
export interface Tx {
  /** One statement. Statements that are not awaited before the next is issued travel together (pipelined); all are awaited before COMMIT. */
  query<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * The rows of an entity, in this transaction. An operation that is not awaited fails the transaction as a statement would, but may be sent
   * after statements that were issued later: where the order matters it is awaited.
   */
  repository<E extends ObjectLiteral>(entity: EntityClass<E>): EntityRepository<E>;
  /** When this transaction began, by the database's clock: the same moment that `now()` means in its statements, in whole milliseconds. Costs nothing. */
  now(): Promise<Date>;
  /** Claims messages for this consumer; returns those that no earlier commit has claimed, in their order. */
  claimInbox<M extends { readonly id: string }>(batch: readonly M[]): Promise<readonly M[]>;
  /** What must turn out true for the transaction to commit; its error fails the transaction as a statement's would. Awaited before COMMIT. */
  require(check: Promise<unknown>): void;
  /** Puts messages into the outbox of this transaction; they leave right after COMMIT. */
  publish(...messages: readonly WireMessage[]): void;
}

/**
 * How the inbox is claimed. `optimistic` assumes that every message is new, as nearly always, and fails when one is not; `checked` finds out which
 * ones are, at twice the cost.
 */
export type ClaimMode = 'optimistic' | 'checked';

/** A transaction on one pooled connection. */
export class Transaction implements Tx {
  readonly outgoing: WireMessage[] = [];
  private readonly issued: Promise<unknown>[] = [];
  private readonly socket: Socket;
  private ref: Promise<TransactionRef[]> | null = null;

  constructor(
    private readonly client: PoolClient,
    private readonly runner: QueryRunner,
    private readonly consumer: string,
    private readonly claimMode: ClaimMode,
  ) {
    Object.assign(runner, { isTransactionActive: true }); // TypeORM begins none of its own, and locks rows
    this.socket = (client as PoolClient & { connection: { stream: Socket } }).connection.stream;
  }

  /** Begins the transaction and returns its reference. The first statement need not wait for it. */
  async begin(): Promise<TransactionRef> {
    void this.query('BEGIN');
    this.ref = this.query<TransactionRef>(TRANSACTION_REF_SQL);
    return (await this.ref)[0] as TransactionRef;
  }

  async now(): Promise<Date> {
    const [ref] = (await this.ref) ?? [];
    if (!ref) throw new Error('a transaction that has not begun has no time');
    return ref.startedAt;
  }

  query<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    this.corkUntilNextTick();
    const rows = this.client
      .query(prepared(sql, params.map(arrayLiteral)))
      .then((result) => result.rows as R[]);
    this.require(rows);
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

  /** Statements issued in one turn of the event loop leave in one write: each one by itself would wake the server. */
  private corkUntilNextTick(): void {
    if (this.socket.writableCorked > 0) return;
    this.socket.cork();
    process.nextTick(() => this.socket.uncork());
  }

  require(check: Promise<unknown>): void {
    this.issued.push(check);
    check.catch(() => undefined); // seen by settle(), even when the caller does not await this one
  }

  async claimInbox<M extends { readonly id: string }>(batch: readonly M[]): Promise<readonly M[]> {
    const ids = [...new Set(batch.map((message) => message.id))].sort(); // in one order everywhere: claimers of the same messages wait, but never in a circle
    const fresh = new Set(await this.claim(ids));
    if (fresh.size === batch.length) return batch; // as nearly always: nothing was delivered twice
    return batch.filter((message) => fresh.delete(message.id)); // delete: a message twice in one batch counts once
  }

  publish(...messages: readonly WireMessage[]): void {
    this.outgoing.push(...messages);
  }

  /** Waits for every statement issued so far. Throws the first error, which is the cause of the others. */
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

const CLAIM =
  'INSERT INTO inbox (consumer, message_id) SELECT $1, id FROM unnest($2::text[]) AS id';
