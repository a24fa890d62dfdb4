import { randomUUID } from 'node:crypto';
import { constants, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Database } from './database.js';
import { CommitUnknownError } from './faults.js';
import { CommitOrderQueue } from './commit-order-queue.js';
import { prepared } from './prepared.js';
import type { OutboxRow, OutgoingMessage } from './outbox-row.js';
import type { Transaction } from './transaction.js';

/** A row that its publisher has not touched for this long is adopted by any other process's sweep; a process that lives touches its rows in time. */
const ORPHAN_AFTER = '5 seconds';
const TOUCH_AFTER = '2 seconds';
const ADOPTABLE = `(publisher IS NULL OR (publisher <> $1 AND touched_at < clock_timestamp() - interval '${ORPHAN_AFTER}'))`;
const SWEEP_LIMIT = 500;
const SWEEP_LOCK = 7_315_002;

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
 * The outbox table. Whoever commits a row publishes it right after; a row that stays behind is adopted by a sweep.
 * There is no cursor: a row exists until it is published, so nothing that commits late can be overlooked.
 */
export class Outbox {
  /** Identifies this run of the process: after a restart it is another publisher. */
  private publisher = randomUUID();
  private queue = new CommitOrderQueue(() => undefined);
  /** Whether the last look found rows that wait for another process's. */
  isBehindOthers = false;
  /** Ids of rows that are published and not deleted. */
  private done: string[] = [];
  /** Ids of rows that this process is publishing, or has published and not deleted. */
  private readonly held = new Set<string>();

  /** `sign` vouches for what this process publishes, before it is stored: a row that somebody else writes is not the service's word. */
  constructor(
    private readonly database: Database,
    private readonly sign: (message: OutgoingMessage) => OutgoingMessage = (message) => message,
  ) {
    database.continuity.listen({ noticed: () => this.startAnew() });
  }

  /** Sets the relay's listener, which gets each row whose commit is certain, in commit order per withdrawal. */
  onCommitted(listener: (row: OutboxRow) => void): void {
    this.queue = new CommitOrderQueue(listener);
  }

  /** Its COMMIT is about to be sent: from here on a later row of the same withdrawals waits until this one's outcome is known. */
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

  /** After CommitUnknownError the row may exist without anybody publishing it: this process takes a new publisher id, so that its own sweep may adopt the row in order. */
  notCommitted(row: OutboxRow | null, error: unknown): void {
    if (!row) return;
    if (error instanceof CommitUnknownError) this.publisher = randomUUID();
    this.held.delete(row.id);
    this.published(row.deletes ?? []);
    this.queue.notCommitted(row);
  }

  /** The database went back: rows come back that were published, and ids may be given to other rows. Any sweep may adopt what came back. */
  private startAnew(): void {
    this.publisher = randomUUID();
    this.done = [];
    this.held.clear();
  }

  private release(ids: readonly string[]): void {
    for (const id of ids) this.held.delete(id);
  }

  /**
   * Stores what the transaction wants to publish. The check for older rows of the same withdrawals runs under the locks
   * that the transaction holds on them, so a row it does not see cannot exist.
   */
  async store(tx: Transaction): Promise<OutboxRow | null> {
    if (tx.outgoing.length === 0) return null;
    const messages = tx.outgoing.map(this.sign);
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
   * The relay has published these rows: the next transaction that publishes deletes them, or `removePublished`. After a discontinuity of
   * the database none of them is held any more: its id may be another row's.
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

  /** These messages of a row are all that has not been published. */
  async keepOnly(id: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const keys = [...new Set(messages.map((message) => message.orderingKey))];
    await this.database.query('UPDATE outbox SET keys = $2, messages = $3 WHERE id = $1', [
      id,
      keys,
      packMessages(messages),
    ]);
  }

  /** Takes a row out of what is published, for good; it is kept as it was. */
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
    // An array of unknown length is planned anew each time, which for one row takes twice as long as deleting it.
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
   * Adopts rows that nobody is publishing: those that waited for an older row, and those of a process that is gone.
   * Never a row behind one that cannot be adopted yet. One sweep at a time per database; returns the rows in order. A row that carries this
   * process's name and is not held by it came back with an earlier state of the database: it is left to any sweep.
   */
  async adopt(): Promise<OutboxRow[]> {
    if (!(await this.touch())) {
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

  /** Age in milliseconds of the oldest unpublished row; 0 when there is none. */
  async lagMs(): Promise<number> {
    const [row] = await this.database.query<{ ms: string }>(
      `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)) * 1000, 0)::bigint::text AS ms FROM outbox`,
    );
    return Number(row?.ms ?? 0);
  }

  /** Renews this process's claim on its rows, however long Kafka is away. Waits for none that a transaction is deleting, which may wait for another. Answers whether there is a row to adopt. */
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

  /** The rows that a sweep may adopt, up to its limit, and all rows between them, which may block some of those. */
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

/** What Node takes unless told, and the least that it does not cut from a pool in a service, which would be kept with it. */
const CHUNK_BYTES = { most: 16_384, least: 4_096 };

/**
 * The `messages` column: JSON, compressed by zstd at its fastest level. Node keeps a compressor's buffer until the old generation is
 * collected, 16 KB for each row unless told; half of the text holds nearly all that comes of it, and what does not fit goes into another.
 */
export function packMessages(messages: readonly OutgoingMessage[]): Buffer {
  const text = JSON.stringify(messages);
  const chunkSize = Math.max(CHUNK_BYTES.least, Math.min(CHUNK_BYTES.most, text.length >> 1));
  return zstdCompressSync(text, { ...FASTEST, chunkSize });
}

/** Reads zstd, and deflate, which older versions wrote: such a row may still be waiting. */
export function unpackMessages(packed: Buffer): OutgoingMessage[] {
  const unpacked =
    packed.readUInt32LE(0) === ZSTD_FRAME ? zstdDecompressSync(packed) : inflateRawSync(packed);
  return JSON.parse(unpacked.toString('utf8')) as OutgoingMessage[];
}

/** Anybody who may write to the table can have written it: what this program cannot have written must not stop what it has. */
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
