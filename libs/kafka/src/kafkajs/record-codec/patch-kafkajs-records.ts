import { createRequire } from 'node:module';
import { processTime } from '@sluice/runtime';
import { ByteReader } from './byte-reader.js';
import { decodeLog } from './decode-log.js';
import { encodeProduce, isPlain, type Produce } from './encode-records.js';

const [PRODUCE_VERSIONS, FETCH_VERSION] = [[3, 4, 5, 6, 7], 11];
let isPatched = false;

/**
 * Replaces the record codec of kafkajs by `encodeProduce` and `decodeFetch`: the same bytes for
 * less CPU time. The kafkajs codec creates an object with a buffer for each header of each record.
 * This was the largest single cost of the ledger under load.
 *
 * The kafkajs codec also verifies no checksum, and an undecodable record fails all partitions of
 * the response. Connections, versions, sequence numbers, retries and compressed writes remain in
 * kafkajs.
 */
export function patchKafkajsRecords(): void {
  if (isPatched) return;
  isPatched = true;
  const { protocol: produce } = produceRequests;
  produceRequests.protocol = ({ version }) => {
    const ofKafkajs = produce({ version });
    return PRODUCE_VERSIONS.includes(version)
      ? (args) => withOurEncoder(ofKafkajs(args), args)
      : ofKafkajs;
  };
  const { protocol: fetch } = fetchRequests;
  fetchRequests.protocol = ({ version }) => {
    const ofKafkajs = fetch({ version });
    return version === FETCH_VERSION ? (args) => withOurDecoder(ofKafkajs(args), args) : ofKafkajs;
  };
}

function withOurEncoder(exchange: ProduceExchange, args: Produce): ProduceExchange {
  if (!isPlain(args)) return exchange;
  const encode = () => {
    const buf = encodeProduce(args, processTime().getTime());
    return Promise.resolve({ buf, buffer: buf, size: () => buf.length });
  };
  return { ...exchange, request: { ...exchange.request, encode } };
}

function withOurDecoder(exchange: FetchExchange, args: FetchArgs): FetchExchange {
  // Async like the original decoder: a thrown error must become a rejection.
  const decode = async (bytes: Buffer): Promise<unknown> =>
    Promise.resolve(decodeFetch(bytes, args));
  return { ...exchange, response: { ...exchange.response, decode } };
}

/** Request codecs of kafkajs 2.2.4 for a request type, by protocol version. */
interface RequestTable<Args, Exchange> {
  protocol: (of: { version: number }) => (args: Args) => Exchange;
}

interface ProduceExchange {
  readonly request: {
    readonly encode: () => Promise<{
      readonly buf: Buffer;
      readonly buffer: Buffer;
      size(): number;
    }>;
  };
  readonly response: unknown;
}

interface FetchExchange {
  readonly request: unknown;
  readonly response: { readonly decode: (bytes: Buffer) => Promise<unknown> };
}

// kafkajs internals are missing from the published types. The version is pinned, and tests in this
// folder compare the results with kafkajs.
const inside = createRequire(import.meta.url);
export const produceRequests = inside(
  'kafkajs/src/protocol/requests/produce/index.js',
) as RequestTable<Produce, ProduceExchange>;
export const fetchRequests = inside('kafkajs/src/protocol/requests/fetch/index.js') as RequestTable<
  FetchArgs,
  FetchExchange
>;

/** Requested fetch offset of each partition, in the shape of kafkajs. */
interface FetchArgs {
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
