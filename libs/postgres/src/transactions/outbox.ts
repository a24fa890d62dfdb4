import { randomUUID } from 'node:crypto';
import { constants, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { monotonicMs } from '@sluice/runtime';
import type { Database } from '../database/database.js';
import { CommitUnknownError } from '../connection/faults.js';
import { CommitOrderQueue } from './commit-order-queue.js';
import { prepared } from '../connection/prepared.js';
import type { OutboxRow, OutgoingMessage, SignMessages } from './outbox-row.js';
import type { OpenTransaction } from './transaction.js';

/**
 * Age of the last touch after which a sweep of another process adopts the row. A living process
 * touches pending rows earlier.
 */
const ORPHAN_AFTER = '5 seconds';
const TOUCH_AFTER = '2 seconds';
const ADOPTABLE = `(publisher IS NULL OR (publisher <> $1 AND touched_at < clock_timestamp() - interval '${ORPHAN_AFTER}'))`;
/** Time (ms) after an unproven commit until every sweep has seen the row as adoptable. */
const UNPROVEN_FOR_MS = 10_000;
const SWEEP_LIMIT = 500;
const SWEEP_LOCK = 7_315_002;
/**
 * Delay (ms) before a published row gets a separate removal: a transaction may remove the row
 * earlier. A remaining row blocks other processes from publishing about the same withdrawal.
 */
const PUBLISHED_STAY_MS = 25;

const INSERT = `INSERT INTO outbox (publisher, keys, messages)
       SELECT CASE WHEN EXISTS (SELECT FROM outbox o, unnest(o.keys) AS k WHERE o.publisher IS DISTINCT FROM $1 AND k = ANY ($2)) THEN NULL ELSE $1 END, $2, $3
       RETURNING id::text, publisher IS NOT NULL AS "isOwned"`;
const DELETE = 'DELETE FROM outbox WHERE id = ANY ($1::bigint[])';

interface PendingRow {
  id: string;
  keys: string[];
  adoptable: boolean;
}

/**
 * Outbox table. The process committing a row publishes the row immediately after COMMIT; a sweep
 * adopts leftover rows. The outbox has no cursor: a row exists until publication, and a late commit
 * cannot be missed.
 */
export class Outbox {
  /** Publisher id of this process run; a restarted process has a different id. */
  private publisher = randomUUID();
  private queue = new CommitOrderQueue(() => undefined);
  /** True if the last sweep found rows waiting for rows of another process. */
  isBehindOthers = false;
  /** True if the last sweep found an adoptable row; another process may have adopted the row. */
  private isAnyLeft = true;
  /** Monotonic time of the last commit without proof, or of the last discontinuity. */
  private unprovenAtMs = -Infinity;
  /** Ids of published rows not yet deleted. */
  private done: string[] = [];
  /** Ids of rows in publication by this process, or published and not yet deleted. */
  private readonly held = new Set<string>();

  /**
   * `sign` signs the messages of a transaction before storage, because a row written by another
   * party is not a message of this service. Default: messages are not signed.
   */
  constructor(
    private readonly database: Database,
    private readonly sign: SignMessages = (messages) => messages,
    /** Delay in milliseconds before a published row gets a separate removal. */
    readonly publishedStayMs = PUBLISHED_STAY_MS,
  ) {
    database.continuity.listen({ noticed: () => this.startAnew() });
  }

  /**
   * Sets the relay's listener. The listener gets each row after the commit is certain, in commit
   * order per withdrawal.
   */
  onCommitted(listener: (row: OutboxRow) => void): void {
    this.queue = new CommitOrderQueue(listener);
  }

  /**
   * True if the next sweep may not wait: this process holds rows to be renewed, or rows to adopt are
   * known or likely.
   */
  get isUnsettled(): boolean {
    const isUnproven = monotonicMs() - this.unprovenAtMs < UNPROVEN_FOR_MS;
    return this.held.size > 0 || this.isAnyLeft || this.isBehindOthers || isUnproven;
  }

  /**
   * Registers a row before COMMIT is sent. Later rows of the same withdrawals wait until the
   * outcome of this row is known.
   */
  committing(row: OutboxRow | null): void {
    if (!row) return;
    if (row.isOwned) this.held.add(row.id);
    this.queue.committing(row);
  }

  committed(row: OutboxRow | null): void {
    if (!row) return;
    this.release(row.deletes ?? []);
    this.queue.committed(row);
  }

  /**
   * Drops a row not committed. After CommitUnknownError the row may exist without a publisher. This
   * process takes a new publisher id, and the process's own sweep may adopt the row in order.
   */
  notCommitted(row: OutboxRow | null, error: unknown): void {
    if (!row) return;
    if (error instanceof CommitUnknownError) {
      this.publisher = randomUUID();
      this.unprovenAtMs = monotonicMs();
    }
    this.held.delete(row.id);
    this.published(row.deletes ?? []);
    this.queue.notCommitted(row);
  }

  /**
   * Resets the state after the database went back: published rows reappear, and ids may be assigned
   * to other rows. Any sweep may adopt the reappeared rows.
   */
  private startAnew(): void {
    this.publisher = randomUUID();
    this.unprovenAtMs = monotonicMs();
    this.done = [];
    this.held.clear();
  }

  private release(ids: readonly string[]): void {
    for (const id of ids) this.held.delete(id);
  }

  /**
   * Stores the messages of a transaction. The check for older rows of the same withdrawals runs
   * under the transaction's locks on these withdrawals. An older row missed by the check therefore
   * cannot exist.
   */
  async store(tx: OpenTransaction): Promise<OutboxRow | null> {
    if (tx.outgoing.length === 0) return null;
    const messages = this.sign(tx.outgoing);
    const keys = [...new Set(messages.map((message) => message.orderingKey))];
    const deletes = this.done.splice(0);
    try {
      const [row] = await tx.query<{ id: string; isOwned: boolean }>(
        deletes.length === 0 ? INSERT : `WITH done AS (${DELETE.replace('$1', '$4')}) ${INSERT}`,
        [this.publisher, keys, packMessages(messages), ...(deletes.length === 0 ? [] : [deletes])],
      );
      if (!row) throw new Error('the outbox did not return its row');
      return { id: row.id, messages, isOwned: row.isOwned, deletes };
    } catch (error) {
      this.published(deletes);
      throw error;
    }
  }

  /**
   * Marks rows as published by the relay. The next publishing transaction, or `removePublished`,
   * deletes the rows. Rows from before a discontinuity of the database are ignored, because their
   * ids may belong to other rows.
   */
  published(ids: readonly string[]): void {
    this.done.push(...ids.filter((id) => this.held.has(id)));
  }

  async removePublished(): Promise<void> {
    const ids = this.done.splice(0);
    if (ids.length === 0) return;
    try {
      await this.remove(ids);
    } catch (error) {
      this.published(ids);
      throw error;
    }
  }

  /** Replaces the messages of a row by the messages not yet published. */
  async keepOnly(id: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const keys = [...new Set(messages.map((message) => message.orderingKey))];
    await this.database.query('UPDATE outbox SET keys = $2, messages = $3 WHERE id = $1', [
      id,
      keys,
      packMessages(messages),
    ]);
  }

  /** Removes a row from publication for good; the row is stored unchanged in `set_aside_row`. */
  async setAside(id: string, cause: string): Promise<void> {
    await this.database.query(
      `WITH taken AS (DELETE FROM outbox WHERE id = $1 RETURNING id, keys, messages, created_at)
       INSERT INTO set_aside_row (id, keys, messages, created_at, cause) SELECT id, keys, messages, created_at, $2 FROM taken`,
      [id, cause],
    );
    this.release([id]);
  }

  async remove(ids: readonly string[]): Promise<void> {
    const { generation } = this.database.continuity;
    // An array of unknown length is planned on each call. For a single row the planning takes twice
    // as long as the deletion.
    const statement =
      ids.length === 1
        ? prepared('DELETE FROM outbox WHERE id = $1', ids)
        : prepared(DELETE, [ids]);
    await this.database.withClient(async (client) => {
      if (generation === this.database.continuity.generation) await client.query(statement);
    });
    this.release(ids);
  }

  /**
   * Adopts rows without a publisher: rows waiting for an older row, and rows of an ended process. A
   * row behind a row not yet adoptable is never adopted. Only one sweep runs at a time per
   * database; the rows are returned in order. A row may carry this process's publisher id without
   * being held by this process. The row came back with an earlier state of the database, and any
   * sweep may adopt the row.
   */
  async adopt(): Promise<OutboxRow[]> {
    this.isAnyLeft = await this.touch();
    if (!this.isAnyLeft) {
      this.isBehindOthers = false;
      return [];
    }
    return this.database.withClient(async (client) => {
      await client.query('BEGIN');
      try {
        const lock = await client.query<{ got: boolean }>(
          'SELECT pg_try_advisory_xact_lock($1) AS got',
          [SWEEP_LOCK],
        );
        const pending = lock.rows[0]?.got ? await this.pending(client) : [];
        const ids = adoptable(pending);
        this.isBehindOthers = pending.filter((row) => row.adoptable).length > ids.length;
        const taken = ids.length === 0 ? [] : await this.take(client, ids);
        await client.query('COMMIT');
        for (const { id } of taken) this.held.add(id);
        return taken;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Age of the oldest unpublished row in milliseconds; 0 if no row is unpublished. */
  async lagMs(): Promise<number> {
    const [row] = await this.database.query<{ ms: string }>(
      `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)) * 1000, 0)::bigint::text AS ms FROM outbox`,
    );
    return Number(row?.ms ?? 0);
  }

  /**
   * Renews this process's claim on pending rows, for any duration of a Kafka outage. Skips rows
   * locked by a deleting transaction, because the transaction may wait for another. Returns true if
   * any row can be adopted.
   */
  private async touch(): Promise<boolean> {
    const [row] = await this.database.query<{ isAny: boolean; own: string[] }>(
      `WITH touched AS (
         UPDATE outbox SET touched_at = clock_timestamp() WHERE id IN (
           SELECT id FROM outbox WHERE publisher = $1 AND touched_at < clock_timestamp() - interval '${TOUCH_AFTER}' FOR UPDATE SKIP LOCKED)
         RETURNING id::text)
       SELECT EXISTS (SELECT FROM outbox WHERE ${ADOPTABLE}) AS "isAny", ARRAY(SELECT id FROM touched) AS own`,
      [this.publisher],
    );
    const returned = (row?.own ?? []).filter((id) => !this.held.has(id));
    if (returned.length > 0)
      await this.database.query(
        'UPDATE outbox SET publisher = NULL WHERE id = ANY ($1::bigint[]) AND publisher = $2',
        [returned, this.publisher],
      );
    return returned.length > 0 || row?.isAny === true;
  }

  /**
   * Returns the rows adoptable by a sweep, up to the limit, and all rows between them, because
   * these may block some of the adoptable rows.
   */
  private async pending(client: Queryable): Promise<PendingRow[]> {
    const { rows } = await client.query<PendingRow>(
      `SELECT id::text, keys, ${ADOPTABLE} AS adoptable
         FROM outbox WHERE id <= (SELECT max(id) FROM (SELECT id FROM outbox WHERE ${ADOPTABLE} ORDER BY id LIMIT ${SWEEP_LIMIT}) first)
        ORDER BY outbox.id`,
      [this.publisher],
    );
    return rows;
  }

  private async take(client: Queryable, ids: readonly string[]): Promise<OutboxRow[]> {
    const { rows } = await client.query<{ id: string; messages: Buffer }>(
      `UPDATE outbox SET publisher = $1, touched_at = clock_timestamp() WHERE id = ANY ($2::bigint[]) RETURNING id::text, messages`,
      [this.publisher, [...ids]],
    );
    return rows
      .sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)))
      .map((row) => ({ id: row.id, ...readRow(row.messages), isOwned: true }));
  }
}

interface Queryable {
  query<R extends object>(sql: string, params?: unknown[]): Promise<{ rows: R[] }>;
}

const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const ZSTD_FRAME = 0xfd2fb528;

/**
 * Chunk sizes. `most`: Node's default. `least`: smallest size not cut from a service's buffer pool;
 * a pooled chunk would keep the whole pool in memory.
 */
const CHUNK_BYTES = { most: 16_384, least: 4_096 };

/**
 * Packs the `messages` column: JSON, compressed by zstd at the fastest level. Node keeps a
 * compressor's buffer until the old generation is collected, by default 16 KB per row. A buffer of
 * half the text length holds nearly every result; longer results use another buffer.
 */
export function packMessages(messages: readonly OutgoingMessage[]): Buffer {
  const text = JSON.stringify(messages);
  const chunkSize = Math.max(CHUNK_BYTES.least, Math.min(CHUNK_BYTES.most, text.length >> 1));
  return zstdCompressSync(text, { ...FASTEST, chunkSize });
}

/**
 * Unpacks zstd, and the deflate format of older versions, because old rows may still be pending.
 */
export function unpackMessages(packed: Buffer): OutgoingMessage[] {
  const unpacked =
    packed.readUInt32LE(0) === ZSTD_FRAME ? zstdDecompressSync(packed) : inflateRawSync(packed);
  return JSON.parse(unpacked.toString('utf8')) as OutgoingMessage[];
}

/**
 * Reads a row. Any role with write access to the table may have written the row, and an invalid row
 * must not block this program's rows.
 */
function readRow(packed: Buffer): Pick<OutboxRow, 'messages' | 'fault'> {
  try {
    const messages: unknown = unpackMessages(packed);
    return Array.isArray(messages) && messages.every(isMessage)
      ? { messages }
      : { messages: [], fault: 'it holds no messages' };
  } catch (error) {
    return { messages: [], fault: `it cannot be read: ${(error as Error).message}` };
  }
}

function isMessage(value: unknown): value is OutgoingMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { topic, key, orderingKey, headers, value: data } = value as Partial<OutgoingMessage>;
  return (
    [topic, key, orderingKey, data].every((text) => typeof text === 'string') &&
    typeof headers === 'object' &&
    Object.values(headers ?? {}).every((text) => typeof text === 'string')
  );
}

/** The ids of the rows to adopt, in order: a row is left when an earlier one of the same withdrawal has to stay. */
function adoptable(pending: readonly PendingRow[]): string[] {
  const blocked = new Set<string>();
  return pending.flatMap((row) => {
    if (row.adoptable && !row.keys.some((key) => blocked.has(key))) return [row.id];
    row.keys.forEach((key) => blocked.add(key));
    return [];
  });
}
