import { CommitUnknownError, StandbyError } from './faults.js';

/** Where a connection leads to, and how far that database has come. */
export interface DatabasePosition {
  /** Of server, timeline and database: a promoted standby, a restored server and a copied database each have another one. */
  readonly identity: string;
  /** The number that the next transaction gets. */
  readonly nextXid: bigint;
}

/** A database as it is asked for its position, and brought in order. */
export interface ContinuityClient {
  query<R extends object>(sql: string, params?: unknown[]): Promise<{ rows: R[] }>;
}

/** What a service does when its database is not as this process left it. */
export interface ContinuityListener {
  /** Called at once, before any connection to that database is handed out. */
  readonly noticed?: (cause: string) => void;
  /** Brings the stored rows in order. No connection is handed out before it has succeeded. */
  readonly settle?: (client: ContinuityClient) => Promise<void>;
}

const POSITION = `
  SELECT pg_is_in_recovery() AS "isStandby",
         CASE WHEN NOT pg_is_in_recovery() THEN concat_ws(' ', (SELECT system_identifier FROM pg_control_system()), left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
           (SELECT oid FROM pg_database WHERE datname = current_database())) END AS identity,
         pg_snapshot_xmax(pg_current_snapshot())::text AS "nextXid"`;

/**
 * Whether the database is still the one that this process has written to. A fail-over to a standby that lags, a restore, or a copy in its
 * place lose what was committed and acknowledged. All of them end every connection, so each new connection is asked for its position
 * before it is handed out. On a connection that a transaction has written on, identity and history cannot change.
 */
export class DatabaseContinuity {
  /** Rises with each discontinuity. */
  generation = 0;
  /** The highest value seen of a counter that is stored in the database and only rises; see `count`. */
  counted = -1;
  private position: DatabasePosition | null = null;
  /** The highest number of a transaction whose commit was acknowledged to this process. */
  private lastXid = 0n;
  private unsettled = false;
  private settling: Promise<void> | null = null;
  private readonly listeners: ContinuityListener[] = [];
  private readonly admitted = new WeakMap<object, number>();

  listen(listener: ContinuityListener): void {
    this.listeners.push(listener);
  }

  /** Of the database that the newest connection leads to. */
  get identity(): string {
    return this.position?.identity ?? '';
  }

  /** To be awaited for each new connection before anything else runs on it. */
  async admit(client: ContinuityClient): Promise<void> {
    const generation = await this.observe(client);
    await this.settled(client, generation);
    this.admitted.set(client, generation);
  }

  /** Whether a connection was opened before the last discontinuity. */
  isStale(client: object): boolean {
    return this.admitted.get(client) !== this.generation;
  }

  committed(xid: string): void {
    const number = BigInt(xid);
    if (number > this.lastXid) this.lastXid = number;
  }

  /** Throws where the database has changed since `generation`: what was committed in the one before is not proven to be in this one. */
  require(generation: number): void {
    if (generation !== this.generation)
      throw new CommitUnknownError('the database went back or was replaced while this was done');
  }

  /**
   * Answers why the database went back, or null: `seen` is the stored counter, `known` what `counted` was before the statement that read
   * it. `now`: its value after that statement, where it counts on.
   */
  count(known: number, seen: number, now = seen): string | null {
    if (seen < known) return `its counter stands at ${seen}, and stood at ${known} before`;
    this.counted = Math.max(this.counted, now);
    return null;
  }

  /** To be called where the stored content shows a discontinuity that no connection has shown. */
  broken(cause: string): void {
    this.generation += 1;
    this.unsettled = true;
    this.lastXid = 0n;
    this.counted = -1;
    for (const { noticed } of this.listeners) noticed?.(cause);
  }

  private async observe(client: ContinuityClient): Promise<number> {
    const { lastXid } = this; // before the question: what is committed meanwhile may not be in the answer
    const { rows } = await client.query<Row>(POSITION);
    const [row] = rows;
    if (!row || row.identity === null) throw new StandbyError();
    const seen = { identity: row.identity, nextXid: BigInt(row.nextXid) };
    const cause = discontinuityOf(this.position, lastXid, seen);
    this.position = seen;
    if (cause !== null) this.broken(cause);
    return this.generation;
  }

  private async settled(client: ContinuityClient, generation: number): Promise<void> {
    // What settles now may be of an earlier discontinuity. A connection from before the last one settles nothing, since it is dropped.
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

interface Row {
  readonly identity: string | null;
  readonly nextXid: string;
}

/** Why a database that shows this position is not the one before; null where it is, or where none was seen before. */
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
