import { decode, type Message, type Topic, type TypeTable } from '@sluice/messages';
import type { FetchedRecord, RecordLog } from '../port/record-log.js';
import type { Authenticate, IsAddressed } from './batch-consumer.js';

interface Reading<T extends Topic> {
  readonly topic: T;
  readonly authenticate: Authenticate;
  readonly isAddressed: IsAddressed;
  /** Called in sequence. */
  readonly onBatch: (batch: readonly Message<T>[]) => Promise<void>;
}

/** Numbers of records read, and of records left out because their producer is not proven. */
interface ReadCounts {
  readonly read: number;
  readonly unproven: number;
}

/**
 * Reads every authentic message from the topic's beginning to its present end, without a group.
 * Counts messages without a valid proof.
 */
export async function readMessages<T extends Topic>(
  log: Pick<RecordLog, 'readToEnd'>,
  { topic, authenticate, isAddressed, onBatch }: Reading<T>,
): Promise<ReadCounts> {
  const counts = { read: 0, unproven: 0 };
  const messageOf = (record: FetchedRecord): Message<T> | null => {
    const { key, value } = record;
    if (key === null || value === null) return null;
    const carried = {
      topic: topic.name,
      key: key.toString(),
      headers: textsOf(record),
      value: value.toString(),
    };
    if (!isAddressed(topic, carried)) return null;
    if (authenticate(topic, carried) !== null) {
      counts.unproven += 1;
      return null;
    }
    const decoded = decode(topic, carried);
    return decoded.ok ? (decoded.value as Message<T>) : null;
  };
  await log.readToEnd(topic.name, async (records) => {
    counts.read += records.length;
    const batch = records.flatMap((record) => messageOf(record) ?? []);
    if (batch.length > 0) await onBatch(batch);
  });
  return counts;
}

/**
 * Valid, unauthenticated messages among the last `most` records of each partition. Throws while
 * Kafka or the topic is away.
 */
export async function newestMessages<T extends TypeTable>(
  log: Pick<RecordLog, 'tail'>,
  topic: Topic<T>,
  most: number,
): Promise<readonly Message<Topic<T>>[]> {
  const records = await log.tail(topic.name, most);
  return records.flatMap((record) => {
    const { key, value } = record;
    if (key === null || value === null) return [];
    const headers = textsOf(record);
    const decoded = decode(topic, { key: key.toString(), headers, value: value.toString() });
    return decoded.ok ? [decoded.value] : [];
  });
}

function textsOf({ headers = {} }: FetchedRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || Array.isArray(value) ? [] : [[name, value.toString()]],
    ),
  );
}
