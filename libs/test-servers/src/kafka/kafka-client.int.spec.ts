import { withTestKafka, type TestKafka } from '../servers/with-test-kafka.js';
import { readAll, send } from '../servers/topic-access.js';
import { deleteRecords, recreateTopic, withKafkaAdmin } from './kafka-client.js';

describe('the records of a topic', () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await withTestKafka();
  }, 120_000);
  afterAll(() => kafka?.stop());

  const offsetsOf = (topic: string) =>
    withKafkaAdmin(kafka, async (admin) =>
      (await admin.fetchTopicOffsets(topic))
        .map(({ low, high }) => [Number(low), Number(high)])
        .filter(([, high]) => high !== 0),
    );

  it('are gone after a deletion, and the offsets go on', async () => {
    await kafka.createTopics([{ name: 'wiped', partitions: 1 }]);
    await send(kafka, 'wiped', ['a', 'b']);

    await deleteRecords(kafka, 'wiped');

    expect(await offsetsOf('wiped')).toEqual([[2, 2]]);
  });

  it('are gone in a topic that is made again with as many partitions, and the offsets begin anew', async () => {
    await kafka.createTopics([{ name: 'made-again', partitions: 3 }]);
    await send(kafka, 'made-again', ['a', 'b', 'c']);

    await recreateTopic(kafka, 'made-again');

    await send(kafka, 'made-again', ['d']);
    expect(await readAll(kafka, 'made-again', 1)).toEqual(['d']);
    expect(await offsetsOf('made-again')).toEqual([[0, 1]]);
  }, 60_000);
});
