import { send, readAll } from './topic-access.js';
import { withTestKafka, type TestKafka } from './with-test-kafka.js';

describe('withTestKafka', () => {
  let kafka: TestKafka;
  beforeAll(async () => void (kafka = await withTestKafka()));
  afterAll(() => kafka.stop());

  it('can be killed and started again on the same port, and is the same broker for every caller', async () => {
    await kafka.createTopics([{ name: 'shared', partitions: 1 }]);
    await send(kafka, 'shared', ['before']);

    await kafka.kill();
    await kafka.restart();

    const again = await withTestKafka();
    expect(again.brokers).toEqual(kafka.brokers);
    expect(await readAll(again, 'shared', 1)).toEqual(['before']);
  });
});
