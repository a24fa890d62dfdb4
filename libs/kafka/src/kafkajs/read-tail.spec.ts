import type { KafkaMessage } from 'kafkajs';
import { batchOf, HEAD, produceOf, responseOf } from '../testkit/record-bytes.js';
import { recordsOf } from './read-tail.js';
import { decodeFetch, fetchRequests } from './record-codec/patch-kafkajs-records.js';
import { encodeProduce } from './record-codec/encode-records.js';

const MESSAGES = [{ key: 'k', value: 'v' }, { value: 'w' }];

describe('records as kafkajs decodes them', () => {
  it('lie in the batches in which ours lie, but for what kafkajs drops', async () => {
    const log = Buffer.concat([batchOf(MESSAGES), batchOf(MESSAGES, 2)]);

    const theirs = await recordsIn(log);

    const ours = decodeFetch(responseOf(log)).responses[0]?.partitions[0]?.messages;
    expect(theirs).toMatchObject(
      ours!.map(({ offset, key, value, batchContext }) => {
        const { firstOffset, nextOffset, leaderEpoch } = batchContext;
        const known = { firstOffset, nextOffset, leaderEpoch, logStart: null };
        return { offset, key, value, batchContext: known };
      }),
    );
    expect(theirs[0]?.batchContext).toBe(theirs[1]?.batchContext);
  });

  it('are of another batch where its time or its place among those of its producer differs', async () => {
    const one = await identityOf(1_000, 0);

    expect(await identityOf(1_000, 0)).toBe(one);
    expect(await identityOf(1_001, 0)).not.toBe(one);
    expect(await identityOf(1_000, 2)).not.toBe(one);
  });
});

async function identityOf(time: number, sequence: number): Promise<number | undefined> {
  const [first] = await recordsIn(
    encodeProduce(produceOf(MESSAGES, sequence), time).subarray(HEAD),
  );
  return first?.batchContext?.checksum;
}

async function recordsIn(log: Buffer) {
  const decoded = await fetchRequests
    .protocol({ version: 11 })({})
    .response.decode(responseOf(log));
  const { responses } = decoded as {
    responses: { partitions: { messages: KafkaMessage[] }[] }[];
  };
  return recordsOf(responses[0]!.partitions[0]!.messages, 'kafkajs');
}
