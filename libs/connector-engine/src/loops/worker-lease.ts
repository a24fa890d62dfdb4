import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { InjectOwner } from '../tokens/tokens.js';

/** Lease for a job to be done by a single instance; the term follows the database's clock. */
export class WorkerLease {
  constructor(
    private readonly database: Database,
    private readonly name: string,
    private readonly owner: string,
    private readonly termMs = 10_000,
  ) {}

  /** True while this instance has the job; to be asked before each round. */
  async held(): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO worker_lease (name, owner, until) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
       ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until
        WHERE worker_lease.owner = EXCLUDED.owner OR worker_lease.until < clock_timestamp()
       RETURNING name`,
      [this.name, this.owner, this.termMs],
    );
    return rows.length > 0;
  }

  async release(): Promise<void> {
    await this.database.query('DELETE FROM worker_lease WHERE name = $1 AND owner = $2', [
      this.name,
      this.owner,
    ]);
  }
}

/** A resource released at the end of a process. */
interface Releasable {
  release(): Promise<void>;
}

/** The leases of a process, separate for each loop. */
@Injectable()
export class WorkerLeases {
  private readonly leases: Releasable[] = [];

  constructor(
    private readonly database: Database,
    @InjectOwner() private readonly owner: string,
  ) {}

  named(name: string): WorkerLease {
    const lease = new WorkerLease(this.database, name, this.owner);
    this.leases.push(lease);
    return lease;
  }

  /** Adds a lease stored in a connector's own table. */
  add(lease: Releasable): void {
    this.leases.push(lease);
  }

  /**
   * Must be called after the loops have stopped: another process need not wait for the end of the
   * terms.
   */
  async release(): Promise<void> {
    await Promise.all(this.leases.map((lease) => lease.release()));
  }
}
