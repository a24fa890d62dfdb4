import { eventually } from '@sluice/test-kit';
import { connectKafka } from '../kafkajs/connect-kafka.js';
import { PublishedLogs } from './offsets.js';
import { givenTopic } from '../testkit/given-service.js';
import { aNote } from '../testkit/notes-topic.js';

const SOON = { withinMs: 40_000 };

describe('a log that this service alone writes', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeEach(async () => void (topic = await givenTopic(2)));
  afterEach(() => topic.stop());

  function given(prefix = '') {
    const [losses, errors] = [[] as string[], [] as string[]];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (_fields: object, text: string) => void errors.push(text),
    };
    const { brokers } = topic.broker;
    const log = connectKafka({ brokers, clientId: 'test', logger, prefix });
    const { name } = topic.notes;
    const logs = new PublishedLogs({
      log,
      logger,
      topics: [name],
      onLoss: (lost) => void losses.push(lost),
    });
    return { logs, losses, errors };
  }

  it('is known to have lost its records when its topic was deleted and made anew', async () => {
    for (let n = 0; n < 3; n++) await topic.send(aNote(topic.notes, 'a', n));
    const { logs, losses, errors } = given();
    await logs.look();
    await topic.send(aNote(topic.notes, 'a', 3));
    await logs.look();
    expect(losses).toEqual([]);

    await topic.recreate();
    await eventually(() => logs.look(), SOON);

    expect(losses).toEqual([topic.notes.name]);
    expect(errors).toHaveLength(1);
    await logs.look();
    expect(losses).toHaveLength(1);
    await logs.stop();
  }, 120_000);

  it('counts as lost after the prefix of the environment has changed', async () => {
    for (let n = 0; n < 3; n++) await topic.send(aNote(topic.notes, 'a', n));
    await topic.broker.createTopics([{ name: `new.${topic.notes.name}`, partitions: 2 }]);
    const [before, after] = [given(), given('new.')];
    await before.logs.look();
    await eventually(() => after.logs.look(), SOON);

    expect([before.losses, after.losses]).toEqual([[], [topic.notes.name]]);
    await Promise.all([before.logs.stop(), after.logs.stop()]);
  });

  it('is reported when it is empty at the first look: it may have been made anew while nobody looked', async () => {
    const { logs, losses, errors } = given();
    await logs.look();
    await logs.look();

    expect(losses).toEqual([topic.notes.name]);
    expect(errors).toEqual([]);
    await logs.stop();
  });
});
