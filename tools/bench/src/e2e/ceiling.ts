import { openClient } from '../machine/open-client.js';
import { randomBytes } from 'node:crypto';
import { superuserUrlOf, type System, kafkaAccessOf } from '@sluice/stack';
import { ensureTopics, kafkaClient, withClient, type KafkaAccess } from '@sluice/test-servers';
import type { Consumer, Producer } from 'kafkajs';
import type { Client } from 'pg';

/**
 * Rows left in a table by a withdrawal: number of rows, bytes per row without the key, and updates
 * per row.
 */
interface Rows {
  readonly rows: number;
  readonly bytes: number;
  readonly updates: number;
}

/**
 * Rows left in PostgreSQL by a withdrawal: 35 inserted rows and 11 updates, counted in
 * `pg_stat_user_tables` on 22 November 2026. The list stays unchanged if the services write less:
 * the machine's yardstick, used to compare runs and versions.
 */
export const ROWS: Readonly<Record<string, Rows>> = {
  withdrawal: { rows: 1, bytes: 600, updates: 3 },
  withdrawal_event: { rows: 5, bytes: 90, updates: 0 },
  used_signature: { rows: 1, bytes: 40, updates: 0 },
  known_recipient: { rows: 1, bytes: 70, updates: 0 },
  ended_withdrawal: { rows: 1, bytes: 60, updates: 0 },
  intake_inbox: { rows: 5, bytes: 50, updates: 0 },
  hold: { rows: 1, bytes: 190, updates: 1 },
  journal_entry: { rows: 2, bytes: 70, updates: 0 },
  posting: { rows: 5, bytes: 50, updates: 0 },
  entry_key: { rows: 1, bytes: 110, updates: 0 },
  ledger_inbox: { rows: 3, bytes: 50, updates: 0 },
  submission: { rows: 1, bytes: 600, updates: 3 },
  attempt: { rows: 1, bytes: 600, updates: 1 },
  submission_inbox: { rows: 1, bytes: 50, updates: 0 },
  consumer_inbox: { rows: 5, bytes: 60, updates: 0 },
  consumer_position: { rows: 1, bytes: 70, updates: 3 },
};

/**
 * Kafka messages of a withdrawal over all topics, with headers; each message is read once.
 * `packedBytes`: size of a packed message in an outbox row.
 */
export const MESSAGES = { each: 14, bytes: 600, packedBytes: 70 };

const BATCH = 500;
const LANES = 2;
const SECONDS = 10;
const WARM_UP_BATCHES = 2;
const TOPIC = { name: 'bench.ceiling', partitions: 6 };
const AT_ONCE = 1_000;
const CONSUMED_WITHIN_MS = 30_000;
const DATABASE = 'ceiling';

/**
 * Best rate of this system's PostgreSQL and Kafka, in withdrawals per second: the same number and
 * length of rows (`ROWS`) and messages (`MESSAGES`), without services. Two lanes write 500
 * withdrawals at a time: a statement per table, in a transaction committed with its outbox row.
 * Messages are produced with all acknowledgements and read by a single consumer. The work finished
 * by both servers at the last read message counts. Services must be stopped, because a running
 * service takes part of the machine.
 */
export async function measureCeiling(
  system: Pick<System, 'run' | 'home'>,
  seconds: number = SECONDS,
): Promise<number> {
  const { run } = system;
  const url = superuserUrlOf(system, DATABASE);
  await withClient(superuserUrlOf(system, 'postgres'), (client) =>
    client.query(`CREATE DATABASE ${DATABASE}`),
  );
  await withClient(url, (client) => client.query(TABLES));
  const access = kafkaAccessOf(run);
  await ensureTopics(access, [TOPIC]);
  return lanesUnder(url, access, seconds);
}

/** Reached share of the ceiling; null if the ceiling is unknown. */
export function ratioToCeiling(perSecond: number, ceilingPerSecond: number): number | null {
  return ceilingPerSecond > 0 ? Number((perSecond / ceilingPerSecond).toFixed(3)) : null;
}

async function lanesUnder(url: string, access: KafkaAccess, seconds: number): Promise<number> {
  const log = await Log.open(access);
  const clients = await Promise.all(Array.from({ length: LANES }, () => openClient(url)));
  const batch = (client: Client): Promise<unknown> => Promise.all([writeRows(client), log.send()]);
  try {
    for (let n = 0; n < WARM_UP_BATCHES; n++) await Promise.all(clients.map(batch));
    await log.allRead();
    const since = performance.now();
    let batches = 0;
    const lane = async (client: Client): Promise<void> => {
      do {
        batches += 1;
        await batch(client);
      } while (performance.now() - since < seconds * 1_000);
    };
    await Promise.all(clients.map(lane));
    await log.allRead();
    return (batches * BATCH * 1_000) / (performance.now() - since);
  } finally {
    await log.close();
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** The messages of a batch, to Kafka and back. */
class Log {
  private sent = 0;
  private received = 0;
  private onRead = (): unknown => undefined;

  private constructor(
    private readonly producer: Producer,
    private readonly consumer: Consumer,
  ) {}

  static async open(access: KafkaAccess): Promise<Log> {
    const kafka = kafkaClient(access, 'bench-ceiling');
    const producer = kafka.producer({ allowAutoTopicCreation: false, idempotent: true });
    const consumer = kafka.consumer({ groupId: 'bench-ceiling', maxWaitTimeInMs: 50 });
    const log = new Log(producer, consumer);
    await Promise.all([producer.connect(), consumer.connect()]);
    await consumer.subscribe({ topic: TOPIC.name, fromBeginning: true });
    await consumer.run({
      eachBatch: ({ batch }) => {
        log.received += batch.messages.length;
        log.onRead();
        return Promise.resolve();
      },
    });
    return log;
  }

  async send(): Promise<void> {
    const count = BATCH * MESSAGES.each;
    this.sent += count;
    for (let left = count; left > 0; left -= AT_ONCE) {
      const messages = messagesOf(Math.min(left, AT_ONCE));
      await this.producer.send({ topic: TOPIC.name, acks: -1, messages });
    }
  }

  /** Resolves after every sent message has been read. */
  async allRead(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const late = new Error('Kafka did not deliver all records of the ceiling');
    const timer = setTimeout(() => reject(late), CONSUMED_WITHIN_MS);
    this.onRead = () => this.received >= this.sent && resolve();
    this.onRead();
    await promise.finally(() => clearTimeout(timer));
  }

  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.consumer.disconnect()]);
  }
}

function messagesOf(count: number) {
  return Array.from({ length: count }, () => ({
    key: randomBytes(8).toString('hex'),
    value: VALUE,
  }));
}

/** The same text for all messages: no message is compressed. */
const VALUE = randomBytes(MESSAGES.bytes / 2).toString('hex');

async function writeRows(client: Client): Promise<void> {
  const ids = await client.query<{ ids: string[] }>(IDS);
  await client.query('BEGIN');
  for (const [table, { updates }] of Object.entries(ROWS)) {
    const { insertSql, updateSql } = STATEMENTS[table] ?? { insertSql: '', updateSql: '' };
    await client.query(insertSql, [ids.rows[0]?.ids]);
    for (let n = 0; n < updates; n++) await client.query(updateSql, [ids.rows[0]?.ids]);
  }
  const outbox = await client.query<{ id: string }>(OUTBOX);
  await client.query('COMMIT');
  await client.query('DELETE FROM outbox WHERE id = $1', [outbox.rows[0]?.id]);
}

const IDS = `SELECT array_agg(uuidv7()) AS ids FROM generate_series(1, ${BATCH})`;
const OUTBOX = `INSERT INTO outbox (messages) VALUES (decode(repeat('5a', ${BATCH * MESSAGES.each * MESSAGES.packedBytes}), 'hex')) RETURNING id`;
const TABLES = `
  CREATE TABLE outbox (id uuid PRIMARY KEY DEFAULT uuidv7(), messages bytea NOT NULL);
  ALTER TABLE outbox ALTER messages SET STORAGE EXTERNAL;
  ${Object.keys(ROWS)
    .map(
      (table) => `CREATE TABLE ${table}
        (id uuid, line int, turn int NOT NULL, body text NOT NULL, PRIMARY KEY (id, line));`,
    )
    .join('\n')}`;
const STATEMENTS = Object.fromEntries(
  Object.entries(ROWS).map(([table, { rows, bytes }]) => [
    table,
    {
      insertSql: `INSERT INTO ${table} SELECT id, line, 0, repeat('x', ${bytes}) FROM unnest($1::uuid[]) AS id, generate_series(1, ${rows}) AS line`,
      updateSql: `UPDATE ${table} SET turn = turn + 1 WHERE id = ANY ($1::uuid[])`,
    },
  ]),
);
