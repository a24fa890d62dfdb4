import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.js';
import { isConnectionLost, isSerializationFault } from './faults.js';
import type { Outbox, OutboxRow } from './outbox.js';
import { Transaction, type Tx } from './transaction.js';

const MAX_ATTEMPTS = 5;
const COMMIT_LOOKUP_MS = 30_000;
const COMMIT_LOOKUP_PAUSE_MS = 100;

/** The answer to COMMIT was lost and the database could not be asked in time: the work may be done or not. */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError';
}

/**
 * Runs work in one transaction together with its inbox claim and its outbox row, and hands the row to the relay once the
 * commit is certain. A serialization fault or deadlock repeats the whole work in a new transaction, a few times.
 */
export class UnitOfWork {
  constructor(
    private readonly database: Database,
    private readonly consumer: string,
    private readonly outbox: Outbox,
  ) {}

  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (!isSerializationFault(error) || attempt === MAX_ATTEMPTS) throw error;
        await sleep(Math.random() * 20 * attempt);
      }
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const done = await this.transact(work);
    if (done.lost !== undefined) await this.proveCommitted(done.xid, done.lost);
    if (done.row) this.outbox.committed(done.row);
    return done.value;
  }

  /** `lost` is set when COMMIT was sent and the connection died before its answer. */
  private transact<T>(work: (tx: Tx) => Promise<T>): Promise<{ value: T; row: OutboxRow | null; xid: string; lost?: unknown }> {
    return this.database.withClient(async (client) => {
      const tx = new Transaction(client, this.consumer);
      try {
        void tx.query('BEGIN');
        const started = tx.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
        const value = await work(tx);
        const stored = this.outbox.store(tx);
        await tx.settle();
        const done = { value, row: await stored, xid: (await started)[0]?.xid ?? '' };
        try {
          await client.query('COMMIT');
          return done;
        } catch (error) {
          if (!isConnectionLost(error)) throw error;
          return { ...done, lost: error };
        }
      } catch (error) {
        await tx.settle().catch(() => undefined);
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * A lost answer is not a failure: the database knows what became of the transaction and is asked until it answers.
   * Throws the original error when it was rolled back, CommitUnknownError when nobody answers in time.
   */
  private async proveCommitted(xid: string, lost: unknown): Promise<void> {
    for (const until = Date.now() + COMMIT_LOOKUP_MS; Date.now() < until; await sleep(COMMIT_LOOKUP_PAUSE_MS)) {
      try {
        const [row] = await this.database.query<{ status: string }>('SELECT pg_xact_status($1::xid8) AS status', [xid]);
        if (row?.status === 'committed') return;
        if (row?.status === 'aborted') throw lost;
      } catch (error) {
        if (error === lost || !isConnectionLost(error)) throw error;
      }
    }
    throw new CommitUnknownError(`transaction ${xid} was sent to commit and the database does not say what became of it`, { cause: lost });
  }
}
