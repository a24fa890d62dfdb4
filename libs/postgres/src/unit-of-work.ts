import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import type { PoolClient } from 'pg';
import { proveCommitted, type TransactionRef } from './commit-proof.js';
import { dropClient, type Database } from './database.js';
import { isDuplicateClaim, isConnectionLost, isRetryable } from './faults.js';
import type { OutboxRow } from './outbox-row.js';
import type { Outbox } from './outbox.js';
import { Transaction, type ClaimMode, type Tx } from './transaction.js';

const MAX_ATTEMPTS = 5;

/** A transaction whose COMMIT was sent. `lost` is set when the connection died before the answer. */
interface Sent<T> {
  readonly value: T;
  readonly row: OutboxRow | null;
  readonly ref: TransactionRef;
  /** Of the database's continuity when the transaction began. */
  readonly generation: number;
  readonly lost?: unknown;
}

/**
 * Runs work in one transaction together with its inbox claim and its outbox row, and hands the row to the relay once the
 * commit is certain. A serialization fault, a deadlock or a statement prepared before a migration repeats the whole work in a new transaction,
 * a few times; so does a message that turns out to be claimed already, and then each claim is checked.
 */
export class UnitOfWork {
  /** When each piece of work under way began, oldest first. */
  private readonly underWay = new Set<{ readonly sinceMs: number }>();

  constructor(
    private readonly database: Database,
    private readonly consumer: string,
    private readonly outbox: Outbox,
  ) {}

  /** Throws CommitUnknownError when it cannot be found out whether the work was committed. */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const running = { sinceMs: monotonicMs() };
    this.underWay.add(running);
    try {
      return await this.runWithRetries(work);
    } finally {
      this.underWay.delete(running);
    }
  }

  /** For how long the oldest work that is under way has been; 0 when there is none. */
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
      const tx = new Transaction(client, runner, this.consumer, claimMode);
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
        // What the work threw may be the echo (25P02) of a statement that it did not await: that one is the cause.
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
