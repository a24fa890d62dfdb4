import type { Database } from '../database/database.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Unprocessable message: position, headers and bytes, with the cause. */
export interface NewDeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Message bytes as text, or as base64 if the bytes are not UTF-8; see `encoding`. */
  readonly value: string;
  readonly encoding: 'utf8' | 'base64';
  readonly cause: string;
}

export interface DeadLetter extends NewDeadLetter {
  readonly id: string;
  readonly deadLetteredAt: string;
  readonly replayedAt: string | null;
}

/** Result of a replay. `failed`: the dead letter stays pending with this new cause. */
type Replayed =
  { readonly kind: 'replayed' | 'missing' } | { readonly kind: 'failed'; readonly cause: string };

/** Messages that could not be processed, kept with the cause until replayed or dismissed. */
export class DeadLetters {
  constructor(private readonly database: Database) {}

  /** Stores a dead letter. A duplicate of the same offset changes no row. */
  async add(letter: NewDeadLetter): Promise<void> {
    await this.database.query(
      `INSERT INTO dead_letter (topic, partition, "offset", key, headers, value, encoding, cause)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (topic, partition, "offset") DO NOTHING`,
      [
        letter.topic,
        letter.partition,
        letter.offset,
        letter.key,
        JSON.stringify(letter.headers),
        letter.value,
        letter.encoding,
        letter.cause,
      ],
    );
  }

  /** Newest first (default: 100). `all`: also replayed and dismissed (default: false). */
  async list(options: { all?: boolean; limit?: number } = {}): Promise<DeadLetter[]> {
    return this.database.query<DeadLetter>(
      `SELECT id::text, topic, partition, "offset"::text, key, headers, value, encoding, cause,
              to_json(dead_lettered_at) #>> '{}' AS "deadLetteredAt", to_json(replayed_at) #>> '{}' AS "replayedAt"
         FROM dead_letter WHERE $1 OR (replayed_at IS NULL AND dismissed_at IS NULL) ORDER BY dead_letter.id DESC LIMIT $2`,
      [options.all ?? false, options.limit ?? 100],
    );
  }

  /**
   * Processes with `handle`, which returns the cause of a failure or null. Marked as replayed only
   * after success: after a crash the inbox recognizes the message. `missing`: no such pending
   * letter.
   */
  async replay(
    id: string,
    unitOfWork: UnitOfWork,
    handle: (letter: NewDeadLetter) => Promise<string | null>,
  ): Promise<Replayed> {
    return unitOfWork.run(async (tx): Promise<Replayed> => {
      const [letter] = await tx.query<NewDeadLetter>(
        `SELECT topic, partition, "offset"::text, key, headers, value, encoding, cause
           FROM dead_letter WHERE id = $1 AND replayed_at IS NULL AND dismissed_at IS NULL FOR UPDATE`,
        [id],
      );
      if (!letter) return { kind: 'missing' };
      const cause = await handle(letter);
      await tx.query(
        'UPDATE dead_letter SET cause = coalesce($2, cause), replayed_at = CASE WHEN $2::text IS NULL THEN clock_timestamp() END WHERE id = $1',
        [id, cause],
      );
      return cause === null ? { kind: 'replayed' } : { kind: 'failed', cause };
    });
  }

  /** Dismisses for good, keeping person and reason. False without such a pending letter. */
  async dismiss(id: string, by: string, because: string): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE dead_letter SET dismissed_at = clock_timestamp(), dismissed_by = $2, dismissed_because = $3
        WHERE id = $1 AND replayed_at IS NULL AND dismissed_at IS NULL RETURNING 1`,
      [id, by, because],
    );
    return rows.length > 0;
  }
}

interface BatchPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

interface SkipDecision {
  readonly by: string;
  readonly evidence: string;
}

export interface SkippedBatch extends BatchPosition, SkipDecision {
  readonly decidedAt: string;
  /** Null while the consumer has not met the batch since. */
  readonly skippedAt: string | null;
}

export interface CorruptBatch extends BatchPosition {
  readonly nextOffset: string;
  readonly cause: string;
  readonly bytes: Buffer;
}

const COLUMNS = `topic, partition, "offset"::text, decided_by AS by, evidence,
  to_json(decided_at) #>> '{}' AS "decidedAt", to_json(skipped_at) #>> '{}' AS "skippedAt"`;

/** Operators' decisions to skip a corrupt batch. They hold over restarts and for every instance, and for nothing but a corrupt batch. */
export class SkippedBatches {
  constructor(private readonly database: Database) {}

  /** Keeps and returns the first decision about a batch. */
  async decide(position: BatchPosition, { by, evidence }: SkipDecision): Promise<SkippedBatch> {
    const key = [position.topic, position.partition, position.offset];
    await this.database.query(
      `INSERT INTO skipped_batch (topic, partition, "offset", decided_by, evidence) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (topic, partition, "offset") DO NOTHING`,
      [...key, by, evidence],
    );
    const [row] = await this.database.query<SkippedBatch>(
      `SELECT ${COLUMNS} FROM skipped_batch WHERE topic = $1 AND partition = $2 AND "offset" = $3`,
      key,
    );
    if (!row) throw new Error('a decision that was stored is not there');
    return row;
  }

  /** True if an operator has decided to skip this batch, whose bytes are then stored. */
  async maySkip({
    topic,
    partition,
    offset,
    nextOffset,
    cause,
    bytes,
  }: CorruptBatch): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE skipped_batch SET skipped_at = coalesce(skipped_at, clock_timestamp()), next_offset = $4, cause = $5, bytes = $6
        WHERE topic = $1 AND partition = $2 AND "offset" = $3 RETURNING 1`,
      [topic, partition, offset, nextOffset, cause, bytes],
    );
    return rows.length > 0;
  }

  /** Newest decision first. */
  async list(limit = 100): Promise<SkippedBatch[]> {
    return this.database.query<SkippedBatch>(
      `SELECT ${COLUMNS} FROM skipped_batch ORDER BY decided_at DESC LIMIT $1`,
      [limit],
    );
  }
}
