import { ByteReader } from './byte-reader.js';
import { decodeLog } from './decode-log.js';

/** Requested fetch offset of each partition, in the shape of kafkajs. */
export interface FetchArgs {
  readonly topics?: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
  }[];
}

/**
 * Decodes the body of a Fetch response, version 11. A partition without records, error and
 * preferred read replica is left out. The broker names each requested partition. kafkajs would make
 * a batch of each partition and pass the batch to a worker. At low rates this costs more than the
 * single record received.
 */
export function decodeFetch(bytes: Buffer, { topics = [] }: FetchArgs = {}) {
  const reader = new ByteReader(bytes);
  const asked = new Map(
    topics.flatMap(({ topic, partitions }) =>
      partitions.map((one) => [`${topic} ${one.partition}`, Number(one.fetchOffset)]),
    ),
  );
  return {
    throttleTime: 0, // the broker does not throttle; the client waits for `clientSideThrottleTime`
    clientSideThrottleTime: reader.int32(),
    errorCode: reader.int16(),
    sessionId: reader.int32(),
    responses: array(reader, () => {
      const topicName = reader.string();
      return {
        topicName,
        partitions: array(reader, () =>
          partition(reader, (number) => asked.get(`${topicName} ${number}`) ?? 0),
        ).filter((one) => one !== null),
      };
    }),
  };
}

const NO_REPLICA = -1;

/**
 * Decodes a partition. Returns null for a partition without records, error and preferred read
 * replica.
 */
function partition(reader: ByteReader, askedFor: (partition: number) => number) {
  const head = {
    partition: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: reader.int64().toString(),
    lastStableOffset: reader.int64().toString(),
    lastStartOffset: reader.int64().toString(),
    abortedTransactions: array(reader, () => ({
      producerId: reader.int64().toString(),
      firstOffset: reader.int64().toString(),
    })),
    preferredReadReplica: reader.int32(),
  };
  const log = reader.bytesOf(Math.max(reader.int32(), 0));
  if (log.length === 0 && head.errorCode === 0 && head.preferredReadReplica === NO_REPLICA)
    return null;
  const place = {
    from: askedFor(head.partition),
    start: Number(head.lastStartOffset),
    end: Number(head.highWatermark),
  };
  return { ...head, messages: decodeLog(log, place) };
}

function array<T>(reader: ByteReader, read: () => T): T[] {
  return Array.from({ length: Math.max(reader.int32(), 0) }, read);
}
