import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { InjectOwner } from '../tokens.js';

/** One of several instances does a job that needs doing once; the lease lives on the database's clock. */
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

/** What a process gives back when it ends. */
export interface Releasable {
  release(): Promise<void>;
}

/** The leases of one process, each for one of its loops. */
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

  /** One that lives in a table of its connector's own. */
  add(lease: Releasable): void {
    this.leases.push(lease);
  }

  /** To be called when the loops have stopped: another process need not wait for the end of their terms. */
  async release(): Promise<void> {
    await Promise.all(this.leases.map((lease) => lease.release()));
  }
}
