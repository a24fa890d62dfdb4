import { connectKafka } from '../kafkajs/connect-kafka.js';
import { newestMessages } from './read-to-end.js';
import { givenTopic } from '../testkit/given-service.js';
import { aNote } from '../testkit/notes-topic.js';

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

describe('the newest messages of a topic', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeAll(async () => void (topic = await givenTopic(2)));
  afterAll(() => topic.stop());

  it('are read without a group: nothing of an empty topic, then the last of each partition', async () => {
    const { brokers } = topic.broker;
    const log = connectKafka({ brokers, clientId: 'test', logger: SILENT });
    expect(await newestMessages(log, topic.notes, 10)).toEqual([]);

    for (let n = 0; n < 5; n++) await topic.send(aNote(topic.notes, 'a', n));
    const newest = await newestMessages(log, topic.notes, 3);

    expect(newest.map(({ data }) => data.n)).toEqual([2, 3, 4]);
    expect(await newestMessages(log, topic.notes, 100)).toHaveLength(5);
  }, 60_000);
});
