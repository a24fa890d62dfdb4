import { decodeFetch, NotPlainError } from './decode-records.js';
import { encodeProduce, isPlain, type Produce } from './encode-records.js';
import { fetchRequests, produceRequests, type FetchExchange, type ProduceExchange } from './kafkajs-requests.js';

const [PRODUCE_VERSIONS, FETCH_VERSION] = [[3, 4, 5, 6, 7], 11];
let done = false;

/**
 * Lets kafkajs code records by `encodeProduce` and `decodeFetch`: the same bytes for less processor time. Its own coder makes an
 * object with a buffer for each header of each record, which was the largest single cost of the ledger under load. Everything else stays its
 * own: connections, versions, sequence numbers, retries; and so do the records that ours do not know (compressed or old ones).
 */
export function takeOverRecords(): void {
  if (done) return;
  done = true;
  const { protocol: produce } = produceRequests;
  produceRequests.protocol = ({ version }) => {
    const ofKafkajs = produce({ version });
    return PRODUCE_VERSIONS.includes(version) ? (args) => withOurEncoder(ofKafkajs(args), args) : ofKafkajs;
  };
  const { protocol: fetch } = fetchRequests;
  fetchRequests.protocol = ({ version }) => {
    const ofKafkajs = fetch({ version });
    return version === FETCH_VERSION ? (args) => withOurDecoder(ofKafkajs(args)) : ofKafkajs;
  };
}

function withOurEncoder(exchange: ProduceExchange, args: Produce): ProduceExchange {
  if (!isPlain(args)) return exchange;
  const encode = () => {
    const buf = encodeProduce(args, Date.now());
    return Promise.resolve({ buf, buffer: buf, size: () => buf.length });
  };
  return { ...exchange, request: { ...exchange.request, encode } };
}

function withOurDecoder(exchange: FetchExchange): FetchExchange {
  const decode = async (bytes: Buffer): Promise<unknown> => {
    try {
      return decodeFetch(bytes);
    } catch (error) {
      if (error instanceof NotPlainError) return exchange.response.decode(bytes);
      throw error;
    }
  };
  return { ...exchange, response: { ...exchange.response, decode } };
}
