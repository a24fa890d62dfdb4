import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/runtime';
import type { PoolClient } from 'pg';
import { proveCommitted, type TransactionRef } from './commit-proof.js';
import { dropClient, type Database } from '../database/database.js';
import { isDuplicateClaim, isConnectionLost, isRetryable } from '../connection/faults.js';
import type { OutboxRow } from './outbox-row.js';
import type { Outbox } from './outbox.js';
import { OpenTransaction, type ClaimMode, type Tx } from './transaction.js';

const MAX_ATTEMPTS = 5;

/**
 * Transaction after COMMIT was sent. `lost` is set if the connection was lost before the answer.
 */
interface Sent<T> {
  readonly value: T;
  readonly row: OutboxRow | null;
  readonly ref: TransactionRef;
  /** Generation of the database's continuity at the start of the transaction. */
  readonly generation: number;
  readonly lost?: unknown;
}

/**
 * Runs work in a transaction together with the inbox claim and the outbox row. The row is handed to
 * the relay after the commit is certain. A serialization fault, a deadlock or a stale prepared
 * statement repeats the whole work in a new transaction, with at most 5 attempts. A message already
 * claimed also repeats the work, with each claim checked.
 */
export class UnitOfWork {
  /** Start of each running piece of work, oldest first. */
  private readonly underWay = new Set<{ readonly sinceMs: number }>();

  constructor(
    /** Also for reads outside of a transaction. */
    readonly database: Database,
    private readonly consumer: string,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Runs work in a transaction. Throws CommitUnknownError if the outcome of the commit cannot be
   * determined.
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const running = { sinceMs: monotonicMs() };
    this.underWay.add(running);
    try {
      return await this.runWithRetries(work);
    } finally {
      this.underWay.delete(running);
    }
  }

  /** Age in milliseconds of the oldest running work; 0 if no work is running. */
  oldestMs(): number {
    const [oldest] = this.underWay;
    return oldest ? monotonicMs() - oldest.sinceMs : 0;
  }

  private async runWithRetries<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let claimMode: ClaimMode = 'optimistic';
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work, claimMode);
      } catch (error) {
        if (claimMode === 'optimistic' && isDuplicateClaim(error)) {
          claimMode = 'checked';
          continue;
        }
        if (!isRetryable(error) || attempt === MAX_ATTEMPTS) throw error;
        await sleep(Math.random() * 20 * attempt);
      }
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>, claimMode: ClaimMode): Promise<T> {
    const { value, row, ref, lost, generation } = await this.transact(work, claimMode);
    try {
      if (lost !== undefined) await proveCommitted(this.database, ref, lost);
      this.database.continuity.require(generation);
    } catch (error) {
      this.outbox.notCommitted(row, error);
      throw error;
    }
    this.database.continuity.committed(ref.xid);
    this.outbox.committed(row);
    return value;
  }

  private transact<T>(work: (tx: Tx) => Promise<T>, claimMode: ClaimMode): Promise<Sent<T>> {
    return this.database.withClient(async (client, runner) => {
      const tx = new OpenTransaction(client, runner, this.consumer, claimMode);
      const { generation } = this.database.continuity;
      let stored: Promise<OutboxRow | null> = Promise.resolve(null);
      try {
        const refOf = tx.begin();
        refOf.catch(() => undefined); // settle() throws the first error
        const value = await work(tx);
        stored = this.outbox.store(tx);
        stored.catch(() => undefined); // settle() throws the first error
        await tx.settle();
        const row = await stored;
        const sent = { value, row, ref: await refOf, generation };
        this.outbox.committing(row);
        const lost = await commit(client);
        return lost === undefined ? sent : { ...sent, lost };
      } catch (error) {
        this.outbox.notCommitted(await stored.catch(() => null), error);
        // The thrown error may be a consequence (25P02) of a failed statement not awaited by the
        // work. The statement's error is the cause.
        const cause: unknown = await tx.settle().then(
          () => error,
          (first: unknown) => first,
        );
        await client.query('ROLLBACK').catch(() => undefined);
        throw cause;
      }
    });
  }
}

/** Returns the error that cut the connection before the answer came, undefined when the answer came; throws when the database refused. */
async function commit(client: PoolClient): Promise<unknown> {
  try {
    await client.query('COMMIT');
    return undefined;
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    dropClient(client);
    return error;
  }
}
