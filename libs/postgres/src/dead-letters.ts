import type { Database } from './database.js';
import type { OutgoingMessage } from './outbox-row.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Where a message was when it could not be processed, and why. */
export interface NewDeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as text, in base64 where they are not UTF-8; `encoding` says which. */
  readonly value: string;
  readonly encoding: 'utf8' | 'base64';
  readonly cause: string;
}

export interface DeadLetter extends NewDeadLetter {
  readonly id: string;
  readonly deadLetteredAt: string;
  readonly replayedAt: string | null;
}

/** Messages that could not be processed: kept with their cause until a person replays or dismisses them. */
export class DeadLetters {
  constructor(private readonly database: Database) {}

  /** Stores it; the same offset again changes nothing. */
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

  /** Newest first; those already replayed or dismissed are left out unless asked for. */
  async list(options: { all?: boolean; limit?: number } = {}): Promise<DeadLetter[]> {
    return this.database.query<DeadLetter>(
      `SELECT id::text, topic, partition, "offset"::text, key, headers, value, encoding, cause,
              to_json(dead_lettered_at) #>> '{}' AS "deadLetteredAt", to_json(replayed_at) #>> '{}' AS "replayedAt"
         FROM dead_letter WHERE $1 OR (replayed_at IS NULL AND dismissed_at IS NULL) ORDER BY dead_letter.id DESC LIMIT $2`,
      [options.all ?? false, options.limit ?? 100],
    );
  }

  /** Sends a dead letter to its topic again, with the id it had. False when there is none that waits under this id. */
  async replay(id: string, unitOfWork: UnitOfWork): Promise<boolean> {
    return unitOfWork.run(async (tx) => {
      const [row] = await tx.query<DeadLetter>(
        `UPDATE dead_letter SET replayed_at = clock_timestamp() WHERE id = $1 AND replayed_at IS NULL AND dismissed_at IS NULL RETURNING topic, key, headers, value, encoding`,
        [id],
      );
      if (row) tx.publish(wireOf(row));
      return row !== undefined;
    });
  }

  /** Nobody needs it: it waits no longer, and is kept with who said so and why. False when there is none that waits under this id. */
  async dismiss(id: string, by: string, because: string): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE dead_letter SET dismissed_at = clock_timestamp(), dismissed_by = $2, dismissed_because = $3
        WHERE id = $1 AND replayed_at IS NULL AND dismissed_at IS NULL RETURNING 1`,
      [id, by, because],
    );
    return rows.length > 0;
  }
}

/** The value leaves as the bytes it had. Key and headers are text everywhere in this system, and an absent key becomes an empty one. */
function wireOf(row: DeadLetter): OutgoingMessage {
  const { topic, headers, value } = row;
  const key = row.key ?? '';
  return {
    topic,
    key,
    orderingKey: key,
    headers,
    value,
    ...(row.encoding === 'base64' && { encoding: 'base64' }),
  };
}
