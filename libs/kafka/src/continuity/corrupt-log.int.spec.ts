import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import { givenTopic } from '../testkit/given-service.js';
import { aNote } from '../testkit/notes-topic.js';

const SOON = { withinMs: 20_000 };

describe('a log with a flipped byte', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeEach(async () => void (topic = await givenTopic(2)));
  afterEach(() => topic.stop());

  const note = (noteId: string, n: number) => aNote(topic.notes, noteId, n);
  /** Changes the first occurrence of a text where the broker keeps it, in place. */
  const damage = (partition: number, text: string | Buffer, instead: string) => {
    const file = join(
      topic.broker.logFolder(topic.notes.name, partition),
      '00000000000000000000.log',
    );
    const at = readFileSync(file).indexOf(text);
    expect(at).toBeGreaterThan(0);
    const open = openSync(file, 'r+');
    writeSync(open, instead, at);
    closeSync(open);
  };

  it('stops its partition and no other, says where and why, and flows behind it once a person has left it out, over restarts', async () => {
    const [held, other] = topic.keysByPartition() as [string, string];
    await topic.send(note(held, 1));
    await topic.send(note(held, 2), note(held, 3));
    await topic.send(note(held, 4));
    damage(0, `"n":2`, `"n":9`);

    const service = await topic.start();
    await topic.send(note(other, 1), note(other, 2));

    await eventually(
      async () => expect(await topic.stored()).toEqual({ [held]: [1], [other]: [1, 2] }),
      SOON,
    );
    const { name } = topic.notes;
    await eventually(
      () => expect(service.server.corruptBatches()).toEqual(new Map([[name, 1]])),
      SOON,
    );
    await sleep(4_000); // it fetches again, and logs it once
    expect(service.server.faults()).toEqual([
      expect.stringMatching(
        new RegExp(
          `offset 1 of ${name}, partition 0, is corrupt \\(the stored checksum is .*sluice kafka skip .* --partition 0 --offset 1 `,
        ),
      ),
    ]);
    const stops = {
      topic: name,
      partition: 0,
      offset: '1',
      text: 'a batch of the log is corrupt: its partition is paused',
    };
    expect(service.errors.filter(({ text }) => text === stops.text)).toEqual([
      expect.objectContaining(stops),
    ]);

    await service.skipped.decide(
      { topic: name, partition: 0, offset: '1' },
      { by: 'a person', evidence: 'a test' },
    );

    await eventually(
      async () => expect(await topic.stored()).toEqual({ [held]: [1, 4], [other]: [1, 2] }),
      SOON,
    );
    expect(service.server.faults()).toEqual([]);
    await eventually(async () => expect(await topic.committed(`readers of ${name}`)).toBe(6), SOON);
    await service.stop();

    const again = await topic.start({ groupId: 'another' }); // reads the whole log anew
    await eventually(
      async () => expect(await topic.stored()).toEqual({ [held]: [1, 4], [other]: [1, 2] }),
      SOON,
    );
    await eventually(async () => expect(await topic.committed('another')).toBe(6), SOON);
    expect([again.server.faults(), again.errors, again.fatal]).toEqual([[], [], []]);
    const [stored] = await topic.database.query<{ bytes: Buffer }>(
      'SELECT bytes FROM skipped_batch',
    );
    expect(stored?.bytes.includes('"n":9')).toBe(true);
  }, 120_000);

  it('reads on by itself when the log is repaired', async () => {
    const [held] = topic.keysByPartition() as [string];
    await topic.send(note(held, 1));
    damage(0, `"n":1`, `"n":7`);
    const service = await topic.start();
    await eventually(() => expect(service.server.faults()).toHaveLength(1), SOON);

    damage(0, `"n":7`, `"n":1`);

    await eventually(async () => expect(await topic.stored()).toEqual({ [held]: [1] }), SOON);
    await eventually(() => expect(service.server.faults()).toEqual([]), SOON);
  });
});
