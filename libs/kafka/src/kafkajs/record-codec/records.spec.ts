import fc from 'fast-check';
import type { Message } from 'kafkajs';
import { batchOf, HEAD, produceOf, responseOf, TIME_AT } from '../../testkit/record-bytes.js';
import { decodeFetch, fetchRequests, produceRequests } from './patch-kafkajs-records.js';
import { encodeProduce, isPlain, type Produce } from './encode-records.js';

describe('encodeProduce', () => {
  it('writes the very bytes that kafkajs writes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyMessage(), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        fc.bigInt({ min: -1n, max: 2n ** 62n }),
        async (messages, n, id) => {
          const request = {
            ...produceOf(messages, n),
            producerId: id.toString(),
            producerEpoch: n % 100,
          };

          const theirs = await bytesOfKafkajs(request);
          expect(hex(encodeProduce(request, timeIn(theirs)))).toBe(hex(theirs));
        },
      ),
    ));

  it('writes records of every size, and what is not ASCII', async () => {
    const messages = [0, 25, 26, 50, 55, 60, 4_000, 8_150, 8_185, 8_200, 700_000].map((size) => ({
      key: 'ключ',
      value: 'é'.repeat(size),
      headers: { ce_id: 'ü', 'naïve name': Buffer.from([0, 255]) },
    }));

    const request = produceOf(messages, 5);

    const theirs = await bytesOfKafkajs(request);
    expect(encodeProduce(request, timeIn(theirs)).equals(theirs)).toBe(true);
  });

  it('leaves compressed records and those of another time to kafkajs', () => {
    expect(isPlain(produceOf([{ value: 'v' }]))).toBe(true);
    expect(isPlain({ ...produceOf([{ value: 'v' }]), compression: 1 })).toBe(false);
    expect(isPlain(produceOf([{ value: 'v', timestamp: '1' }]))).toBe(false);
  });
});

describe('decodeFetch', () => {
  it('reads what kafkajs reads, headers as text', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyMessage(), { minLength: 1, maxLength: 5 }), {
          minLength: 1,
          maxLength: 3,
        }),
        async (batches) => {
          let next = 0;
          const response = responseOf(
            Buffer.concat(
              batches.map((messages) =>
                batchOf(messages, (next += messages.length) - messages.length),
              ),
            ),
          );

          expect(plain(decodeFetch(response))).toEqual(plain(await decodedByKafkajs(response)));
        },
      ),
    ));

  it('reads a header named as what every object has, which kafkajs spoils', () => {
    const { responses } = decodeFetch(
      responseOf(batchOf([{ value: null, headers: { constructor: 'a', valueOf: 'b' } }])),
    );

    expect(responses[0]?.partitions[0]?.messages[0]?.headers).toEqual({
      constructor: 'a',
      valueOf: 'b',
    });
  });

  it('leaves out a partition with nothing to tell, and keeps one with an error or another replica', () => {
    const decodedWith = (of: object) =>
      decodeFetch(responseOf(Buffer.alloc(0), of)).responses[0]?.partitions;

    expect(decodedWith({})).toEqual([]);
    expect(decodedWith({ errorCode: 1 })).toMatchObject([{ errorCode: 1, messages: [] }]);
    expect(decodedWith({ preferredReadReplica: 2 })).toMatchObject([{ preferredReadReplica: 2 }]);
  });

  it('leaves out a batch that the limit of the fetch has cut off', () => {
    const [whole, cut] = [batchOf([{ value: 'whole' }]), batchOf([{ value: 'cut off' }], 1)];

    const { responses } = decodeFetch(responseOf(Buffer.concat([whole, cut.subarray(0, -1)])));

    expect(responses[0]?.partitions[0]?.messages.map(({ value }) => value?.toString())).toEqual([
      'whole',
    ]);
  });
});

function anyMessage(): fc.Arbitrary<Message> {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  const text = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 80 }));
  const name = fc.stringMatching(/^[a-zé-]{1,90}$/).filter((any) => !(any in {})); // of those, kafkajs makes two values
  return fc.record({
    key: fc.oneof(fc.constant(null), bytes, text),
    value: fc.oneof(fc.constant(null), bytes, text),
    headers: fc.dictionary(fc.oneof(fc.constantFrom('ce_id', 'ce_type'), name), text, {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  });
}

async function bytesOfKafkajs(request: Produce): Promise<Buffer> {
  return (await produceRequests.protocol({ version: 7 })(request).request.encode()).buffer;
}

function timeIn(request: Buffer): number {
  return Number(request.readBigInt64BE(HEAD + TIME_AT));
}

function decodedByKafkajs(response: Buffer): Promise<unknown> {
  return fetchRequests.protocol({ version: 11 })({}).response.decode(response);
}

/** Headers as text, and of the batch only what is looked at. */
function plain(decoded: unknown): unknown {
  return JSON.parse(
    JSON.stringify(decoded, (name, value: unknown) => {
      if (name === 'batchContext') return undefined;
      if (name === 'headers')
        return Object.fromEntries(
          Object.entries(value as Record<string, Buffer | string>).map(([key, text]) => [
            key,
            String(bufferOf(text)),
          ]),
        );
      return value;
    }),
  );
}

function bufferOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'data' in value
    ? Buffer.from(value.data as number[])
    : value;
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex');
}
