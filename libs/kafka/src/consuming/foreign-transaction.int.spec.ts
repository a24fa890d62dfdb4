import { eventually } from '@sluice/test-kit';
import { givenTopic } from '../testkit/given-service.js';
import { aNote } from '../testkit/notes-topic.js';

const SOON = { withinMs: 20_000 };

describe('a transaction of another producer', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeAll(async () => void (topic = await givenTopic(1)));
  afterAll(() => topic.stop());

  it('that stays open holds nobody up; what ends it is no message, and what it wrote is judged like any record', async () => {
    const foreign = topic.kafka.producer({
      transactionalId: topic.notes.name,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: 60_000,
    });
    await foreign.connect();
    const service = await topic.start();
    const transaction = await foreign.transaction();
    await transaction.send({
      topic: topic.notes.name,
      messages: [{ key: 'x', value: 'no message of ours' }],
    });

    await topic.send(aNote(topic.notes, 'a', 0));

    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0] }), SOON);
    await transaction.abort();
    await topic.send(aNote(topic.notes, 'a', 1));
    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0, 1] }), SOON);
    await eventually(
      async () =>
        expect(await topic.committed(`readers of ${topic.notes.name}`)).toBeGreaterThanOrEqual(3),
      SOON,
    );
    expect(await topic.deadLetters.list()).toMatchObject([
      { offset: '0', value: 'no message of ours' },
    ]);
    expect(service.server.faults()).toEqual([]);
    await foreign.disconnect();
  });
});
