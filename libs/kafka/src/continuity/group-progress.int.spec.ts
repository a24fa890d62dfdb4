import { kafkaClient, withTestKafka, type TestKafka } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { connectKafka } from '../kafkajs/connect-kafka.js';
import { GroupProgress, type LogEnds } from './offsets.js';

const LOGGER = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const TOPIC = 'group-progress';
const GROUP = 'progressing';

describe('the progress of a consumer group', () => {
  let kafka: TestKafka;
  let admin: ReturnType<ReturnType<typeof kafkaClient>['admin']>;
  let producer: ReturnType<ReturnType<typeof kafkaClient>['producer']>;
  let progress: GroupProgress;
  beforeAll(async () => {
    kafka = await withTestKafka();
    await kafka.createTopics([{ name: TOPIC, partitions: 1 }]);
    const client = kafkaClient({ brokers: kafka.brokers });
    [admin, producer] = [client.admin(), client.producer()];
    await Promise.all([admin.connect(), producer.connect()]);
    const { brokers } = kafka;
    const log = connectKafka({ brokers, clientId: 'test', logger: LOGGER });
    progress = new GroupProgress(log, GROUP);
  });
  afterAll(async () => {
    progress.close();
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  });

  const reached = async (ends: LogEnds) => [
    await progress.hasReached([TOPIC], ends),
    await progress.hasReachedTheRest([TOPIC], ends),
  ];

  it('has reached the ends only after it has processed every record that is left', async () => {
    await eventually(() =>
      producer.send({ topic: TOPIC, messages: [{ value: 'a' }, { value: 'b' }] }),
    );
    const ends = await progress.ends([TOPIC]);
    await admin.setOffsets({
      groupId: GROUP,
      topic: TOPIC,
      partitions: [{ partition: 0, offset: '1' }],
    });
    expect(await reached(ends)).toEqual([false, false]);

    await admin.deleteTopicRecords({ topic: TOPIC, partitions: [{ partition: 0, offset: '-1' }] });
    expect(await reached(ends)).toEqual([false, true]);

    await producer.send({ topic: TOPIC, messages: [{ value: 'c' }] });
    const later = await progress.ends([TOPIC]);
    expect(await reached(later)).toEqual([false, false]);
    await admin.setOffsets({
      groupId: GROUP,
      topic: TOPIC,
      partitions: [{ partition: 0, offset: '3' }],
    });
    expect(await reached(later)).toEqual([true, true]);
  });
});
