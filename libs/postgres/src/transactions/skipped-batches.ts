import type { Database } from '../database/database.js';

/** Position of a batch in a log; `offset` is the first offset of the batch. */
interface BatchPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Decision to skip a batch: the person and the evidence. */
interface SkipDecision {
  readonly by: string;
  readonly evidence: string;
}

export interface SkippedBatch extends BatchPosition, SkipDecision {
  readonly decidedAt: string;
  /** Null while the consumer has not met the batch since. */
  readonly skippedAt: string | null;
}

/** Corrupt batch as found by the consumer. */
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

  /**
   * Stores a decision. The first decision about a batch is kept; a later decision changes no row.
   * Returns the stored decision.
   */
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

  /**
   * Returns true if an operator has decided to skip this batch. In this case the bytes are stored
   * with the decision.
   */
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
