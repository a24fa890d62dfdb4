import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import type { PoolClient } from 'pg';
import { proveCommitted, type CommitMark } from './commit-proof.js';
import { dropClient, type Database } from './database.js';
import { isClaimedBefore, isConnectionLost, isWorthRepeating } from './faults.js';
import type { Outbox, OutboxRow } from './outbox.js';
import { Transaction, type Claiming, type Tx } from './transaction.js';

const MAX_ATTEMPTS = 5;

/** A transaction whose COMMIT was sent. `lost` is set when the connection died before the answer. */
interface Sent<T> {
  readonly value: T;
  readonly row: OutboxRow | null;
  readonly mark: CommitMark;
  readonly lost?: unknown;
}

/**
 * Runs work in one transaction together with its inbox claim and its outbox row, and hands the row to the relay once the
 * commit is certain. A serialization fault, a deadlock or a statement prepared before a migration repeats the whole work in a new transaction,
 * a few times; so does a message that turns out to be claimed already, and then the inbox is asked.
 */
export class UnitOfWork {
  /** When each piece of work under way began, oldest first. */
  private readonly underWay = new Set<{ readonly sinceMs: number }>();

  constructor(
    private readonly database: Database,
    private readonly consumer: string,
    private readonly outbox: Outbox,
  ) {}

  /** Throws CommitUnknownError when nobody can say whether the work was done. */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const begun = { sinceMs: monotonicMs() };
    this.underWay.add(begun);
    try {
      return await this.repeatedly(work);
    } finally {
      this.underWay.delete(begun);
    }
  }

  /** For how long the oldest work that is under way has been; 0 when there is none. */
  oldestMs(): number {
    const [oldest] = this.underWay;
    return oldest ? monotonicMs() - oldest.sinceMs : 0;
  }

  private async repeatedly<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let claiming: Claiming = 'as_new';
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work, claiming);
      } catch (error) {
        if (claiming === 'as_new' && isClaimedBefore(error)) {
          claiming = 'asking';
          continue;
        }
        if (!isWorthRepeating(error) || attempt === MAX_ATTEMPTS) throw error;
        await sleep(Math.random() * 20 * attempt);
      }
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>, claiming: Claiming): Promise<T> {
    const { value, row, mark, lost } = await this.transact(work, claiming);
    if (lost !== undefined) {
      try {
        await proveCommitted(this.database, mark, lost);
      } catch (error) {
        this.outbox.notCommitted(row, error);
        throw error;
      }
    }
    this.outbox.committed(row);
    return value;
  }

  private transact<T>(work: (tx: Tx) => Promise<T>, claiming: Claiming): Promise<Sent<T>> {
    return this.database.withClient(async (client) => {
      const tx = new Transaction(client, this.consumer, claiming);
      let row: OutboxRow | null = null;
      try {
        const marked = tx.begin();
        marked.catch(() => undefined); // settle() tells first what went wrong first
        const value = await work(tx);
        const stored = this.outbox.store(tx);
        stored.catch(() => undefined); // settle() tells first what went wrong first
        await tx.settle();
        row = await stored;
        const sent = { value, row, mark: await marked };
        this.outbox.committing(row);
        const lost = await commit(client);
        return lost === undefined ? sent : { ...sent, lost };
      } catch (error) {
        this.outbox.notCommitted(row, error);
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

/** Answers what cut the connection before the answer came; throws when the database refused. */
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
