import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTestKafka } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { connectKafka } from './connect-kafka.js';
import { notesTopic } from '../testkit/notes-topic.js';

describe('connectKafka', () => {
  const warnings: string[] = [];
  const onWarning = ({ name, message }: Error) => void warnings.push(`${name}: ${message}`);
  beforeAll(() => void process.on('warning', onWarning));
  afterAll(() => void process.off('warning', onWarning));

  it('at rest, wakes the process for fetches and heartbeats alone, and no warning is given', async () => {
    const { brokers, createTopics } = await withTestKafka();
    const topic = notesTopic().name;
    await createTopics([{ name: topic, partitions: 1 }]);
    const said: string[] = [];
    const say = (_fields: object, text: string) => void said.push(text);
    const ours = new AsyncLocalStorage<boolean>(); // the process is shared with other files' tests, and with what kafkajs forgot open there
    ours.enterWith(true);
    const log = connectKafka({
      brokers,
      clientId: 'rest',
      logger: { debug: () => undefined, info: say, warn: say, error: say },
    });
    const [producer, consumer] = [
      log.producer(),
      log.consumer({ groupId: topic, sessionMs: 30_000, heartbeatMs: 3_000 }),
    ];
    let arrived = 0;
    await Promise.all([producer.connect(), consumer.connect()]);
    await consumer.run({
      topics: [topic],
      concurrentPartitions: 1,
      eachBatch: ({ records, nextOffset, advanceTo }) => {
        arrived += records.length;
        return Promise.resolve(advanceTo(nextOffset));
      },
    });
    await producer.send([{ topic, key: 'one', value: 'one', headers: {} }]);
    await eventually(() => expect(arrived).toBe(1), { withinMs: 20_000 });

    said.length = 0; // a new broker's first group gets an error until its coordinator is there
    let timers = 0;
    const counting = createHook({
      init: (_id, type) => void (type === 'Timeout' && ours.getStore() && timers++),
    }).enable();
    await sleep(3_000);
    counting.disable();
    await Promise.all([producer.disconnect(), consumer.disconnect()]);

    expect(timers).toBeLessThan(60); // three connections used to set some 10,000
    expect([warnings, said]).toEqual([[], []]);
  });
});
