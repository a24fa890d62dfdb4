import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@sluice/test-kit';
import { givenTopic } from '../testkit/given-service.js';
import { aNote } from '../testkit/notes-topic.js';

const SOON = { withinMs: 40_000 };
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

describe('a log that loses records', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeEach(async () => void (topic = await givenTopic(1)));
  afterEach(() => topic.stop());

  const sendAsOne = (...ns: number[]) => topic.send(...ns.map((n) => aNote(topic.notes, 'a', n)));
  const send = async (...ns: number[]) => {
    for (const n of ns) await sendAsOne(n);
  };
  const stored = (...ns: number[]) =>
    eventually(async () => expect(await topic.stored()).toEqual({ a: ns }), SOON);
  /** Cuts the log behind so many batches, as a broker does that finds the rest damaged. */
  const cut = (batches: number) => {
    const file = join(topic.broker.logFolder(topic.notes.name, 0), '00000000000000000000.log');
    const log = readFileSync(file);
    let at = 0;
    for (let n = 0; n < batches; n++) at += 12 + log.readInt32BE(at + 8);
    expect(at).toBeLessThan(log.length);
    truncateSync(file, at);
  };
  const LOSS =
    'the log differs from the consumed log: records are lost, and reading continues from the newest matching offset';

  it('while nobody reads it: what is appended in their place is read, by whoever comes next', async () => {
    const before = await topic.start();
    await send(...range(0, 6));
    await stored(...range(0, 6));
    await eventually(
      async () => expect(await topic.committed(`readers of ${topic.notes.name}`)).toBe(6),
      SOON,
    );
    await before.stop();

    await topic.broker.kill();
    cut(3);
    await topic.broker.restart();
    await send(...range(10, 15)); // at the offsets 3 to 7: a reader who goes on at 6 would skip three of them
    const after = await topic.start();

    await stored(...range(0, 6), ...range(10, 15));
    expect(after.errors).toMatchObject([{ text: LOSS, partition: 0, consumedTo: 6, from: 0 }]);
    expect(after.losses).toEqual([topic.notes.name]);
    expect(after.server.logLosses()).toEqual(new Map([[topic.notes.name, 1]]));
    await eventually(() => expect(after.server.faults()).toEqual([]), SOON);
  }, 120_000);

  it('while it is read: it is reported though nothing follows, and what follows is read', async () => {
    const service = await topic.start();
    await send(...range(0, 6));
    await stored(...range(0, 6));

    await topic.broker.kill();
    cut(4);
    await topic.broker.restart();

    await eventually(() => expect(service.errors.map(({ text }) => text)).toContain(LOSS), SOON);
    expect(service.losses).toEqual([topic.notes.name]);
    await send(...range(10, 13));
    await stored(...range(0, 6), ...range(10, 13));
    await eventually(() => expect(service.server.faults()).toEqual([]), SOON);
    expect(service.fatal).toEqual([]);
  }, 120_000);

  it.each([
    ['longer than it was', [[0], [1], [2]], [[10], [11], [12], [13], [14]]],
    ['as one batch where there was one', [[0, 1, 2]], [[10, 11, 12]]],
  ])(
    'whole, by being deleted and created again, %s: all of the new one is read',
    async (_, before, after) => {
      const service = await topic.start();
      for (const batch of before) await sendAsOne(...batch);
      await stored(...before.flat());

      await topic.recreate();
      for (const batch of after) await sendAsOne(...batch);

      // A topic that has grown before the next fetch is first read on, then again from its beginning.
      const inAnyOrder = (ns: readonly number[] = []) => ns.toSorted((a, b) => a - b);
      await eventually(
        async () =>
          expect(inAnyOrder((await topic.stored())['a'])).toEqual([...before, ...after].flat()),
        SOON,
      );
      await eventually(() => expect(service.errors.map(({ text }) => text)).toContain(LOSS), SOON);
      await eventually(() => expect(service.server.faults()).toEqual([]), SOON);
    },
    120_000,
  );

  it('by records that are removed unread: it is reported', async () => {
    const before = await topic.start();
    await send(...range(0, 3));
    await stored(...range(0, 3));
    await eventually(
      async () => expect(await topic.committed(`readers of ${topic.notes.name}`)).toBe(3),
      SOON,
    );
    await before.stop();
    await send(...range(3, 6));
    const admin = topic.kafka.admin();
    await admin.connect();
    await admin.fetchTopicOffsets(topic.notes.name); // it deletes only from topics that are in its metadata
    await admin.deleteTopicRecords({
      topic: topic.notes.name,
      partitions: [{ partition: 0, offset: '5' }],
    });
    await admin.disconnect();

    const after = await topic.start();

    await stored(0, 1, 2, 5);
    expect(after.errors).toMatchObject([{ text: LOSS, consumedTo: 3, from: 5 }]);
  }, 120_000);
});
