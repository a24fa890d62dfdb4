import { decode, type Message, type Topic, type TypeTable } from '@sluice/messages';
import type { FetchedRecord, RecordLog } from '../port/record-log.js';

/**
 * Returns the messages among the last `most` records of each partition. Records without a valid
 * message of the topic are left out. Messages are not authenticated; the caller verifies
 * signatures. Throws while Kafka or the topic is unavailable.
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

export function textsOf({ headers = {} }: FetchedRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || Array.isArray(value) ? [] : [[name, value.toString()]],
    ),
  );
}
