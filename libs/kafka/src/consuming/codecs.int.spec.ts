import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@sluice/test-kit';
import { givenTopic } from '../testkit/given-service.js';
import { aNote } from '../testkit/notes-topic.js';

const SOON = { withinMs: 20_000 };
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('records that the broker keeps compressed', () => {
  it.each([
    ['gzip', 1],
    ['snappy', 2],
    ['lz4', 3],
    ['zstd', 4],
  ])('%s: are read as any others', async (codec, number) => {
    const topic = await givenTopic(1, { 'compression.type': codec });
    const noise = range(40_000).map((n) => String.fromCharCode(32 + ((n * n * 7919) % 89)));
    const pad = (n: number) =>
      noise
        .slice(n * 300)
        .join('')
        .slice(0, n * 100);
    const notes = range(100).map((n) => aNote(topic.notes, 'a', n));

    await topic.send(
      ...notes.map((note, n) => ({ ...note, headers: { ...note.headers, pad: pad(n) } })),
    );
    await topic.send(aNote(topic.notes, 'a', 100));
    const folder = topic.broker.logFolder(topic.notes.name, 0);
    expect((readFileSync(join(folder, '00000000000000000000.log'))[22] ?? 0) & 0x07).toBe(number);
    const service = await topic.start();

    await eventually(async () => expect(await topic.stored()).toEqual({ a: range(101) }), SOON);
    expect([await topic.deadLetters.list(), service.errors]).toEqual([[], []]);
    await topic.stop();
  });
});
