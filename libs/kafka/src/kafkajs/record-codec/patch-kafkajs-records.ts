import { processTime } from '@sluice/runtime';
import { decodeFetch, type FetchArgs } from './decode-fetch.js';
import { encodeProduce, isPlain, type Produce } from './encode-records.js';
import {
  fetchRequests,
  produceRequests,
  type FetchExchange,
  type ProduceExchange,
} from './kafkajs-requests.js';

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
