import type { Database } from './database.js';
import type { OutgoingMessage } from './outbox.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Where a message was when it could not be processed, and why. */
export interface Parking {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as text; what is not UTF-8 is kept in base64 with `encoding` saying so. */
  readonly value: string;
  readonly encoding: 'utf8' | 'base64';
  readonly cause: string;
}

export interface ParkedMessage extends Parking {
  readonly id: string;
  readonly parkedAt: string;
  readonly replayedAt: string | null;
}

/** Messages that could not be processed: kept with their cause until a person replays them. */
export class ParkedMessages {
  constructor(private readonly database: Database) {}

  /** Parking the same offset again changes nothing. */
  async park(parking: Parking): Promise<void> {
    await this.database.query(
      `INSERT INTO parked_message (topic, partition, "offset", key, headers, value, encoding, cause)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (topic, partition, "offset") DO NOTHING`,
      [
        parking.topic,
        parking.partition,
        parking.offset,
        parking.key,
        JSON.stringify(parking.headers),
        parking.value,
        parking.encoding,
        parking.cause,
      ],
    );
  }

  /** Newest first; those already replayed are left out unless asked for. */
  async list(options: { all?: boolean; limit?: number } = {}): Promise<ParkedMessage[]> {
    return this.database.query<ParkedMessage>(
      `SELECT id::text, topic, partition, "offset"::text, key, headers, value, encoding, cause,
              to_json(parked_at) #>> '{}' AS "parkedAt", to_json(replayed_at) #>> '{}' AS "replayedAt"
         FROM parked_message WHERE $1 OR replayed_at IS NULL ORDER BY parked_message.id DESC LIMIT $2`,
      [options.all ?? false, options.limit ?? 100],
    );
  }

  /** Sends a parked message to its topic again, with the id it had. False when there is none that waits under this id. */
  async replay(id: string, unitOfWork: UnitOfWork): Promise<boolean> {
    return unitOfWork.run(async (tx) => {
      const [row] = await tx.query<ParkedMessage>(
        `UPDATE parked_message SET replayed_at = clock_timestamp() WHERE id = $1 AND replayed_at IS NULL RETURNING topic, key, headers, value, encoding`,
        [id],
      );
      if (row) tx.publish(wireOf(row));
      return row !== undefined;
    });
  }
}

/** The value leaves as the bytes it had. Key and headers are text everywhere in this system, and an absent key becomes an empty one. */
function wireOf(row: ParkedMessage): OutgoingMessage {
  const { topic, headers, value } = row;
  const key = row.key ?? '';
  return {
    topic,
    key,
    order: key,
    headers,
    value,
    ...(row.encoding === 'base64' && { encoding: 'base64' }),
  };
}
