import { CommitUnknownError, StandbyError } from './faults.js';

/** Server and database behind a connection, with the current transaction number. */
interface DatabasePosition {
  /**
   * Identity of server, timeline and database. A promoted standby, a restored server and a copied
   * database each have a different identity.
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
 * Detects a discontinuity: the database is no longer the database this process wrote to. Committed
 * and acknowledged data is lost by a fail-over to a lagging standby, a restore, or a copy put in
 * place of the database. Each of these events ends every connection. Therefore the position of each
 * new connection is checked before the connection is handed out. Identity and history cannot change
 * on a connection with a transaction's writes.
 */
export class DatabaseContinuity {
  /** Rises with each discontinuity. */
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

  /** True if the connection was opened before the last discontinuity. */
  isStale(client: object): boolean {
    return this.admitted.get(client) !== this.generation;
  }

  committed(xid: string): void {
    const number = BigInt(xid);
    if (number > this.lastXid) this.lastXid = number;
  }

  /**
   * Throws CommitUnknownError if a discontinuity occurred after `generation`. A commit in the
   * earlier database is not proven to exist in the current database.
   */
  require(generation: number): void {
    if (generation !== this.generation)
      throw new CommitUnknownError('the database went back or was replaced while this was done');
  }

  /**
   * Returns the reason if the stored counter went back, or null.
   *
   * `known` is the value of `counted` before the statement read the counter, and `seen` is the
   * stored counter. `now` is the counter after the statement, if the statement raises the counter
   * (default: `seen`).
   */
  count(known: number, seen: number, now = seen): string | null {
    if (seen < known) return `its counter is ${seen}, and was ${known} before`;
    this.counted = Math.max(this.counted, now);
    return null;
  }

  /** Reports a discontinuity detected in the stored content, not on a connection. */
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
    // A running settlement may belong to an earlier discontinuity. A connection older than the last
    // discontinuity settles no rows, because the connection is dropped.
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
 * Returns the reason if the position shows a different or older database. Returns null if the
 * database is the same, or if no earlier position is known.
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
