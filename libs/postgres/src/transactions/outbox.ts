import { randomUUID } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { monotonicMs } from '@sluice/runtime';
import type { Database } from '../database/database.js';
import { CommitUnknownError } from '../connection/faults.js';
import {
  CommitOrderQueue,
  type OutboxRow,
  type OutgoingMessage,
  type SignMessages,
  type StoringRow,
} from './commit-order-queue.js';
import { prepared } from '../connection/session-client.js';
import type { OpenTransaction } from './transaction.js';

/** A sweep of another process adopts a row untouched for this long. */
const ORPHAN_AFTER = '5 seconds';
const TOUCH_AFTER = '2 seconds';
const ADOPTABLE = `(publisher IS NULL OR (publisher <> $1 AND touched_at < clock_timestamp() - interval '${ORPHAN_AFTER}'))`;
/** Time (ms) after an unproven commit until every sweep has seen the row as adoptable. */
const UNPROVEN_FOR_MS = 10_000;
const SWEEP_LIMIT = 500;
const SWEEP_LOCK = 7_315_002;
/**
 * Delay (ms) before a published row's separate removal: a transaction may remove it earlier. A
 * remaining row blocks other processes about the same withdrawal.
 */
const PUBLISHED_STAY_MS = 25;
/** The delay while no row of another process is seen, below the age at which a row is renewed. */
const ALONE_STAY_MS = 1_000;
/** Time (ms) without a row of another process after which the process counts as the only one. */
const ALONE_AFTER_MS = 60_000;

const INSERT = `INSERT INTO outbox (publisher, keys, messages)
       SELECT CASE WHEN EXISTS (SELECT FROM outbox o, unnest(o.keys) AS k WHERE o.publisher IS DISTINCT FROM $1 AND k = ANY ($2)) THEN NULL ELSE $1 END, $2, $3
       RETURNING id::text, publisher IS NOT NULL AS "isOwned", EXISTS (SELECT FROM outbox o WHERE o.publisher IS DISTINCT FROM $1) AS "hasOthers"`;
/** The row of a transaction, by the transaction's id. */
const STORED_BY = `SELECT id::text, publisher IS NOT NULL AS "isOwned" FROM outbox WHERE xmin = $1::xid8::xid`;
const DELETE = 'DELETE FROM outbox WHERE id = ANY ($1::bigint[])';

interface InsertedRow {
  id: string;
  isOwned: boolean;
  /** True if another process has rows, or rows without a publisher exist. */
  hasOthers: boolean;
}

interface PendingRow {
  id: string;
  keys: string[];
  adoptable: boolean;
}

/**
 * The committing process publishes a row at once; a sweep adopts leftovers. Without a cursor, no
 * late commit can be missed.
 */
export class Outbox {
  /** Publisher id of this process run; a restarted process has a different id. */
  private publisher = randomUUID();
  private relay: (row: OutboxRow) => void = () => undefined;
  private queue = new CommitOrderQueue(this.relay);
  /** True if the last sweep found rows waiting for rows of another process. */
  isBehindOthers = false;
  /** True if the last sweep found an adoptable row; another process may have adopted the row. */
  private isAnyLeft = true;
  /** Monotonic time of the last commit without proof, or of the last discontinuity. */
  private unprovenAtMs = -Infinity;
  /** Monotonic time of the last row of another process. */
  private othersAtMs = -Infinity;
  private done: string[] = [];
  /** Messages without a row in publication, by an id of this process. */
  private readonly unstored = new Map<string, () => void>();
  private readonly held = new Set<string>();

  /**
   * `sign` signs before storage: a row of another party is no message of this service. Default:
   * unsigned.
   */
  constructor(
    private readonly database: Database,
    private readonly sign: SignMessages = (messages) => messages,
    /** Delay in ms before a published row's separate removal, while other processes publish. */
    private readonly stayMs = PUBLISHED_STAY_MS,
  ) {
    database.continuity.listen({ noticed: () => this.startAnew() });
  }

  /** The listener gets each row after the commit is certain, in commit order per withdrawal. */
  onCommitted(listener: (row: OutboxRow) => void): void {
    this.relay = listener;
    this.queue = new CommitOrderQueue(listener);
  }

  /**
   * Publishes without a transaction; lost if the process ends. Only for a state that the process
   * repeats, never for a transaction's effect.
   */
  publishUnstored(messages: readonly OutgoingMessage[]): Promise<void> {
    return new Promise((resolve) => {
      const id = `unstored ${randomUUID()}`;
      this.unstored.set(id, resolve);
      this.relay({ id, messages: this.sign(messages), isOwned: true });
    });
  }

  /** Called while the table has rows and no sweep is due: another process may have left them. */
  onRowsLeft(listener: () => void): void {
    this.database.poll.add<boolean>({
      sql: () => 'EXISTS (SELECT FROM outbox)',
      onAnswer: (isAny) => {
        if (isAny && !this.isUnsettled) listener();
      },
    });
  }

  /** True if the next sweep may not wait: rows to renew are held, or rows to adopt are likely. */
  get isUnsettled(): boolean {
    const isUnproven = monotonicMs() - this.unprovenAtMs < UNPROVEN_FOR_MS;
    return this.held.size > 0 || this.isAnyLeft || this.isBehindOthers || isUnproven;
  }

  /**
   * A process that publishes alone blocks no other, and leaves rows to the next transaction for
   * longer.
   */
  get publishedStayMs(): number {
    const isAlone = monotonicMs() - this.othersAtMs > ALONE_AFTER_MS;
    return isAlone ? Math.max(this.stayMs, ALONE_STAY_MS) : this.stayMs;
  }

  /** Registers a row before COMMIT: later rows of the same withdrawals wait for its outcome. */
  committing(row: StoringRow): void {
    this.queue.committing(row);
  }

  /**
   * Row of a committed transaction, looked up if the insert's answer was lost. Throws
   * CommitUnknownError if that fails.
   */
  async stored(row: StoringRow, xid: string): Promise<OutboxRow> {
    return row.answer.catch(async (cause: unknown) => {
      const [found] = await this.database
        .query<Pick<OutboxRow, 'id' | 'isOwned'>>(STORED_BY, [xid])
        .catch(() => []);
      if (!found)
        throw new CommitUnknownError('the outbox row of a committed transaction was not found', {
          cause,
        });
      return this.taken(row, found);
    });
  }

  committed(row: OutboxRow): void {
    this.release(row.deletes ?? []);
    this.queue.committed(row);
  }

  /**
   * Drops a row. After CommitUnknownError it may exist: with a new publisher id, this process's own
   * sweep may adopt it in order.
   */
  notCommitted(row: StoringRow, error: unknown): void {
    if (error instanceof CommitUnknownError) {
      this.publisher = randomUUID();
      this.unprovenAtMs = monotonicMs();
    }
    void row.answer.then(
      ({ id }) => this.held.delete(id),
      () => undefined, // the row has no id
    );
    this.published(row.deletes);
    this.queue.notCommitted(row);
  }

  /** After the database went back: published rows reappear for any sweep, and ids may be reused. */
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
   * Stores a transaction's messages. Older rows of the same withdrawals are looked for under their
   * locks, and cannot be missed.
   */
  store(tx: OpenTransaction): StoringRow | null {
    if (tx.outgoing.length === 0) return null;
    const messages = this.sign(tx.outgoing);
    const keys = [...new Set(messages.map((message) => message.orderingKey))];
    const packed = packMessages(messages);
    const deletes = this.done.splice(0);
    const row = { messages, deletes };
    const answer = tx
      .query<InsertedRow>(
        deletes.length === 0 ? INSERT : `WITH done AS (${DELETE.replace('$1', '$4')}) ${INSERT}`,
        [this.publisher, keys, packed, ...(deletes.length === 0 ? [] : [deletes])],
      )
      .then(([inserted]) => {
        if (!inserted) throw new Error('the outbox did not return its row');
        if (inserted.hasOthers) this.othersAtMs = monotonicMs();
        return this.taken(row, inserted);
      });
    answer.catch(() => undefined); // a fault of the transaction is reported by its statements
    return { ...row, answer };
  }

  private taken(
    { messages, deletes }: Pick<StoringRow, 'messages' | 'deletes'>,
    { id, isOwned }: Pick<OutboxRow, 'id' | 'isOwned'>,
  ): OutboxRow {
    if (isOwned) this.held.add(id);
    return { id, messages, isOwned, deletes };
  }

  /**
   * The next publishing transaction, or `removePublished`, deletes them. Ids from before a
   * discontinuity may belong to other rows.
   */
  published(ids: readonly string[]): void {
    this.done.push(...ids.filter((id) => this.held.has(id)));
    for (const id of ids) this.unstored.get(id)?.();
    for (const id of ids) this.unstored.delete(id);
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
    // An array is planned on each call, for a single row longer than the deletion takes.
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
   * Adopts rows without a publisher, in order, one sweep at a time per database; never behind a row
   * not yet adoptable. A row with this process's publisher id, but not held, came back with an
   * earlier state, and any sweep may adopt it.
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
   * Renews this process's claim, except on rows of a deleting transaction. True if any row can be
   * adopted.
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

  /** Adoptable rows up to the limit, and all between them, which may block some. */
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

/**
 * `most`: Node's default. `least`: not cut from the buffer pool, which a chunk would keep in
 * memory.
 */
const CHUNK_BYTES = { most: 16_384, least: 4_096 };

/**
 * JSON in zstd at the fastest level, in a buffer of half the text: Node would keep 16 KB per row.
 */
export function packMessages(messages: readonly OutgoingMessage[]): Buffer {
  const text = JSON.stringify(messages);
  const chunkSize = Math.max(CHUNK_BYTES.least, Math.min(CHUNK_BYTES.most, text.length >> 1));
  return zstdCompressSync(text, { ...FASTEST, chunkSize });
}

export function unpackMessages(packed: Buffer): OutgoingMessage[] {
  return JSON.parse(zstdDecompressSync(packed).toString('utf8')) as OutgoingMessage[];
}

/** Reads a row of any writer: an invalid one must not block this program's rows. */
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
