import { Injectable } from '@nestjs/common';
import { monotonicMs, Patience } from '@sluice/runtime';
import { Database } from '@sluice/postgres';
import { InjectOwner } from '../tokens/tokens.js';

const TERM_MS = 10_000;
/** Part of the term after which the holder renews the lease. */
const RENEWED_AFTER = 1 / 2;
/** Time of refusals after which an instance does the job once without the lease. */
const LONGEST_REFUSAL_MS = 30_000;

/**
 * Lease for a job of one instance. The lease saves requests and protects nothing: the database
 * login can write any owner.
 */
export class WorkerLease {
  private readonly patience: Patience;
  /** By the monotonic clock: before, the lease is held without a query. */
  private renewedFrom = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly name: string,
    private readonly owner: string,
    longestRefusalMs: number,
  ) {
    this.patience = new Patience(longestRefusalMs);
  }

  /** True if this instance does the job in this round, with the lease or after `longestRefusalMs`. */
  async held(): Promise<boolean> {
    if (monotonicMs() < this.renewedFrom) return true;
    return this.patience.permits(() => this.take());
  }

  private async take(): Promise<boolean> {
    const askedAt = monotonicMs();
    const rows = await this.database.query(
      `INSERT INTO worker_lease (name, owner, until) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
       ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until
        WHERE worker_lease.owner = EXCLUDED.owner OR worker_lease.until < clock_timestamp()
       RETURNING name`,
      [this.name, this.owner, TERM_MS],
    );
    if (rows.length > 0) this.renewedFrom = askedAt + TERM_MS * RENEWED_AFTER;
    return rows.length > 0;
  }

  async release(): Promise<void> {
    this.renewedFrom = -Infinity;
    await this.database.query('DELETE FROM worker_lease WHERE name = $1 AND owner = $2', [
      this.name,
      this.owner,
    ]);
  }
}

interface Releasable {
  release(): Promise<void>;
}

@Injectable()
export class WorkerLeases {
  private readonly leases: Releasable[] = [];

  constructor(
    private readonly database: Database,
    @InjectOwner() private readonly owner: string,
  ) {}

  named(name: string, longestRefusalMs = LONGEST_REFUSAL_MS): WorkerLease {
    const lease = new WorkerLease(this.database, name, this.owner, longestRefusalMs);
    this.leases.push(lease);
    return lease;
  }

  add(lease: Releasable): void {
    this.leases.push(lease);
  }

  /** Must be called after the loops have stopped, for another process to take over at once. */
  async release(): Promise<void> {
    await Promise.all(this.leases.map((lease) => lease.release()));
  }
}
