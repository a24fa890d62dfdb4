import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import { givenTopic } from '../testkit/given-service.js';
import { aNote } from '../testkit/notes-topic.js';

const SOON = { withinMs: 60_000 };

describe('while Kafka is away or flaps', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeAll(async () => void (topic = await givenTopic()));
  afterAll(() => topic.stop());

  const note = (noteId: string, n: number) => aNote(topic.notes, noteId, n);
  /** Takes away what the groups' coordinator stands on: for a moment there is none. */
  const loseCoordinator = async () => {
    const admin = topic.kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: ['__consumer_offsets'] }).catch(() => undefined);
    await admin.disconnect();
  };

  it('a service waits, is unready and says why, and goes on by itself', async () => {
    const service = await topic.start();
    await eventually(() => expect(service.server.faults()).toEqual([]), SOON);
    for (let n = 0; n < 3; n++) {
      await loseCoordinator();
      await sleep(1_500);
    }
    await topic.send(note('a', 0));
    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0] }), SOON);

    await topic.broker.kill();
    await eventually(
      () => expect(service.server.faults()).toEqual([expect.stringMatching(/^kafka: /)]),
      { withinMs: 25_000 },
    );
    await service.unitOfWork.run((tx) => Promise.resolve(tx.publish(note('a', 1))));
    await eventually(
      () => expect(service.relay.faults()).toEqual([expect.stringMatching(/^outbox: /)]),
      { withinMs: 25_000 },
    );
    const late = await topic.start({ groupId: 'started while Kafka is away' });
    await sleep(1_000);
    expect(late.server.faults()).toEqual(['kafka: not a member of its consumer group yet']);
    await topic.broker.restart();

    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0, 1] }), SOON);
    await eventually(
      () =>
        expect(
          [service, late].flatMap(({ server, relay }) => [...server.faults(), ...relay.faults()]),
        ).toEqual([]),
      SOON,
    );
    await eventually(
      async () => expect(await topic.committed('started while Kafka is away')).toBe(2),
      SOON,
    );
    expect([...service.fatal, ...late.fatal]).toEqual([]);
  }, 180_000);
});
