import { CommitUnknownError, StandbyError } from './faults.js';

interface DatabasePosition {
  /**
   * Identity of server, timeline and database, different after a promotion, a restore or a copy.
   */
  readonly identity: string;
  /** Number of the next transaction. */
  readonly nextXid: bigint;
}

/** Connection for reading the position and for settling the stored rows. */
export interface ContinuityClient {
  query<R extends object>(sql: string, params?: unknown[]): Promise<{ rows: R[] }>;
}

/** Reaction of a service to a discontinuity of the database. */
interface ContinuityListener {
  /** Called immediately, before any connection to the changed database is handed out. */
  readonly noticed?: (cause: string) => void;
  /** Settles the stored rows. No connection is handed out before this call succeeds. */
  readonly settle?: (client: ContinuityClient) => Promise<void>;
}

const POSITION = `
  SELECT pg_is_in_recovery() AS "isStandby",
         CASE WHEN NOT pg_is_in_recovery() THEN concat_ws(' ', (SELECT system_identifier FROM pg_control_system()), left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
           (SELECT oid FROM pg_database WHERE datname = current_database())) END AS identity,
         pg_snapshot_xmax(pg_current_snapshot())::text AS "nextXid"`;

/**
 * Detects that the database is no longer the one this process wrote to, and acknowledged data is
 * lost: a lagging standby, a restore, a copy. Each ends every connection, so the position of each
 * new connection is checked before its use; identity and history cannot change during a
 * transaction.
 */
export class DatabaseContinuity {
  generation = 0;
  /** Highest value seen of a stored counter. The counter only rises; see `count`. */
  counted = -1;
  private position: DatabasePosition | null = null;
  /** Highest number of a transaction with an acknowledged commit. */
  private lastXid = 0n;
  private unsettled = false;
  private settling: Promise<void> | null = null;
  private readonly listeners: ContinuityListener[] = [];
  private readonly admitted = new WeakMap<object, number>();

  listen(listener: ContinuityListener): void {
    this.listeners.push(listener);
  }

  /** Identity of the database behind the newest connection; empty before the first connection. */
  get identity(): string {
    return this.position?.identity ?? '';
  }

  /** Checks a new connection. Must be awaited before any other statement runs on the connection. */
  async admit(client: ContinuityClient): Promise<void> {
    const generation = await this.observe(client);
    await this.settled(client, generation);
    this.admitted.set(client, generation);
  }

  isStale(client: object): boolean {
    return this.admitted.get(client) !== this.generation;
  }

  committed(xid: string): void {
    const number = BigInt(xid);
    if (number > this.lastXid) this.lastXid = number;
  }

  /**
   * Throws CommitUnknownError after a discontinuity since `generation`: an earlier commit may not
   * exist in the current database.
   */
  require(generation: number): void {
    if (generation !== this.generation)
      throw new CommitUnknownError('the database went back or was replaced while this was done');
  }

  /**
   * Reason if the stored counter went back, or null. `known`: `counted` before the statement;
   * `seen`: stored counter; `now`: counter after the statement, if raised.
   */
  count(known: number, seen: number, now = seen): string | null {
    if (seen < known) return `its counter is ${seen}, and was ${known} before`;
    this.counted = Math.max(this.counted, now);
    return null;
  }

  broken(cause: string): void {
    this.generation += 1;
    this.unsettled = true;
    this.lastXid = 0n;
    this.counted = -1;
    for (const { noticed } of this.listeners) noticed?.(cause);
  }

  private async observe(client: ContinuityClient): Promise<number> {
    // read before the query: a commit made meanwhile may be missing in the answer
    const { lastXid } = this;
    const { rows } = await client.query<PositionRow>(POSITION);
    const [row] = rows;
    if (!row || row.identity === null) throw new StandbyError();
    const seen = { identity: row.identity, nextXid: BigInt(row.nextXid) };
    const cause = discontinuityOf(this.position, lastXid, seen);
    this.position = seen;
    if (cause !== null) this.broken(cause);
    return this.generation;
  }

  private async settled(client: ContinuityClient, generation: number): Promise<void> {
    // A running settlement may belong to an earlier discontinuity, and an older connection is
    // dropped unsettled.
    while (this.unsettled && generation === this.generation) {
      this.settling ??= this.settle(client).finally(() => (this.settling = null));
      await this.settling;
    }
  }

  private async settle(client: ContinuityClient): Promise<void> {
    const { generation } = this;
    for (const { settle } of this.listeners) await settle?.(client);
    if (generation === this.generation) this.unsettled = false;
  }
}

interface PositionRow {
  readonly identity: string | null;
  readonly nextXid: string;
}

/**
 * Reason if the position shows a different or older database; null if it is the same or the first.
 */
export function discontinuityOf(
  known: DatabasePosition | null,
  lastXid: bigint,
  seen: DatabasePosition,
): string | null {
  if (known === null) return null;
  if (known.identity !== seen.identity)
    return `the server, its timeline or the database is another one (${known.identity}; now ${seen.identity})`;
  if (seen.nextXid <= lastXid)
    return `transaction ${lastXid} was committed, and the next one is to be ${seen.nextXid}`;
  return null;
}
