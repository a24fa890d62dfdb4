import { decode, type Message, type Topic, type TypeTable } from '@sluice/messages';
import type { FetchedRecord, RecordLog } from '../port/record-log.js';

/** Returns true if a record with these headers is read. */
export type HeaderFilter = (record: {
  readonly headers: Readonly<Record<string, string>>;
}) => boolean;

/**
 * Returns the messages among the last `most` records of each partition. Records without a valid
 * message of the topic, and records that `isWanted` refuses by their headers, are left out
 * (default: every record is wanted). Messages are not authenticated; the caller verifies
 * signatures. Throws while Kafka or the topic is unavailable.
 */
export async function newestMessages<T extends TypeTable>(
  log: Pick<RecordLog, 'tail'>,
  topic: Topic<T>,
  most: number,
  isWanted: HeaderFilter = () => true,
): Promise<readonly Message<Topic<T>>[]> {
  const records = await log.tail(topic.name, most);
  return records.flatMap((record) => {
    const { key, value } = record;
    if (key === null || value === null) return [];
    const headers = textsOf(record);
    if (!isWanted({ headers })) return [];
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
