import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/runtime';
import type { PoolClient } from 'pg';
import { accountInScope, forAllAccounts } from '../accounts/account-scope.js';
import { proveCommitted, type TransactionRef } from './commit-proof.js';
import { dropClient, type Database } from '../database/database.js';
import {
  CommitUnknownError,
  isDuplicateClaim,
  isConnectionLost,
  isRetryable,
} from '../connection/faults.js';
import type { OutboxRow, StoringRow } from './commit-order-queue.js';
import type { Outbox } from './outbox.js';
import { OpenTransaction, type ClaimMode, type Tx } from './transaction.js';

const MAX_ATTEMPTS = 5;

/** After COMMIT was sent. `lost`: the connection was lost before the answer. */
interface Sent<T> {
  readonly value: T;
  readonly row: StoringRow | null;
  readonly ref: TransactionRef;
  /** Generation of the database's continuity at the start of the transaction. */
  readonly generation: number;
  readonly lost?: unknown;
}

/**
 * Runs work with inbox claim and outbox row, which the relay gets after a certain commit.
 * Conflicts, deadlocks and stale plans repeat the whole work, at most 5 times; a claimed message
 * repeats it with checked claims.
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

  /** Throws CommitUnknownError if the commit's outcome cannot be determined. */
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
    const sent = await this.transact(work, claimMode);
    // the relay of the outbox works for all accounts
    return forAllAccounts(() => this.settleSent(sent));
  }

  private async settleSent<T>({ value, row, ref, lost, generation }: Sent<T>): Promise<T> {
    let stored: OutboxRow | null = null;
    try {
      if (lost !== undefined) await proveCommitted(this.database, ref, lost);
      if (row) stored = await this.outbox.stored(row, ref.xid);
      this.database.continuity.require(generation);
    } catch (error) {
      if (row) this.outbox.notCommitted(row, error);
      throw error;
    }
    this.database.continuity.committed(ref.xid);
    if (stored) this.outbox.committed(stored);
    return value;
  }

  private transact<T>(work: (tx: Tx) => Promise<T>, claimMode: ClaimMode): Promise<Sent<T>> {
    return this.database.withClient(async (client, runner) => {
      const tx = new OpenTransaction(client, runner, this.consumer, claimMode);
      const { generation } = this.database.continuity;
      let row: StoringRow | null = null;
      try {
        const refOf = tx.begin(accountInScope());
        refOf.catch(() => undefined); // settle() throws the first error
        const value = await work(tx);
        // From here on the outcome can be looked up: COMMIT need not wait for the last statements.
        const ref = await refOf;
        row = this.outbox.store(tx);
        if (tx.hasChecks) await tx.settle();
        if (row) this.outbox.committing(row);
        const sent = { value, row, ref, generation };
        const lost = await commit(tx, client);
        return lost === undefined ? sent : { ...sent, lost };
      } catch (error) {
        const cause = await causeOf(tx, error);
        if (row) this.outbox.notCommitted(row, cause);
        await client.query('ROLLBACK').catch(() => undefined);
        throw cause;
      }
    });
  }
}

/** The thrown error may be a consequence (25P02) of an unawaited statement. */
function causeOf(tx: OpenTransaction, error: unknown): Promise<unknown> | CommitUnknownError {
  if (error instanceof CommitUnknownError) return error;
  return tx.settle().then(
    () => error,
    (first: unknown) => first,
  );
}

/**
 * Commits; returns the error that cut the connection before the answer, or undefined. Throws after
 * a refusal or rollback.
 */
async function commit(tx: OpenTransaction, client: PoolClient): Promise<unknown> {
  let isCommitted: boolean;
  try {
    isCommitted = await tx.commit();
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    dropClient(client);
    return error;
  }
  if (!isCommitted) throw new Error('PostgreSQL rolled the transaction back');
  await tx.settle().catch((cause: unknown) => {
    throw new CommitUnknownError('a statement failed, and COMMIT succeeded', { cause });
  });
  return undefined;
}
