import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import { givenTopic, SESSION_MS } from '../testkit/given-service.js';
import { aNote, type Note } from '../testkit/notes-topic.js';

const GROUP = 'readers';
const ids = (notes: readonly string[], count: number) =>
  Object.fromEntries(notes.map((note) => [note, Array.from({ length: count }, (_, n) => n)]));
const size = (stored: Record<string, number[]>) => Object.values(stored).flat().length;

describe('BatchServer on Kafka', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeEach(async () => void (topic = await givenTopic()));
  afterEach(() => topic.stop());

  const note = (noteId: string, n: number) => aNote(topic.notes, noteId, n);
  const many = (notes: readonly string[], count: number) =>
    Array.from({ length: count }, (_, n) => n).flatMap((n) =>
      notes.map((noteId) => note(noteId, n)),
    );
  const NOTES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

  const sendUntil = async (end: AbortSignal): Promise<number> => {
    let n = 0;
    for (; !end.aborted; n++) {
      await topic.send(...NOTES.map((noteId) => note(noteId, n)));
      await sleep(10);
    }
    return n;
  };

  it('merges partitions into few batches and keeps the order of each key', async () => {
    await topic.send(...many(NOTES, 50));

    const service = await topic.start({ groupId: GROUP });

    await eventually(async () => expect(size(await topic.stored())).toBe(400));
    expect(await topic.stored()).toEqual(ids(NOTES, 50));
    expect(service.batches.length).toBeLessThanOrEqual(3);
    await eventually(async () => expect(await topic.committed(GROUP)).toBe(400));
  });

  it('gathers the records of two seconds for a service without waiting clients', async () => {
    const service = await topic.start({ groupId: GROUP, gatherMs: 2_000 });
    await eventually(async () => expect(await topic.members(GROUP)).toBe(1));

    for (let n = 0; n < 20; n++) {
      await topic.send(note('a', n));
      await sleep(100);
    }

    await eventually(async () => expect(await topic.stored()).toEqual(ids(['a'], 20)));
    expect(service.batches.length).toBeLessThanOrEqual(3);
  });

  it('hands on what a client waits for while what nobody waits for is at work', async () => {
    const answers = await givenTopic(6, {}, { isAwaited: true });
    const work = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const before = (batch: readonly Note[]) => {
      if (!batch.some(({ data }) => data.n === 0)) return undefined;
      begun.resolve();
      return work.promise;
    };
    const keys = topic.keysByPartition();
    const each = (ns: readonly number[]) => Object.fromEntries(keys.map((key) => [key, ns]));
    await topic.start({ groupId: GROUP, also: [answers.notes], before });
    await eventually(async () => expect(await topic.members(GROUP)).toBe(2));
    await topic.send(...keys.map((key) => note(key, 0)));
    await begun.promise;

    await answers.send(...keys.map((key) => aNote(answers.notes, key, 1)));

    await eventually(async () => expect(await topic.stored()).toEqual(each([1])));
    work.resolve();
    await eventually(async () => expect(await topic.stored()).toEqual(each([1, 0])));
    await answers.stop();
  });

  it('leaves no partition out beside an instance whose client assigns them without regard to topics', async () => {
    const answers = await givenTopic(6, {}, { isAwaited: true });
    const earlier = topic.kafka.consumer({ groupId: GROUP, sessionTimeout: 10_000 });
    const taken: string[] = [];
    await earlier.connect();
    await earlier.subscribe({
      topics: [topic.notes.name, answers.notes.name],
      fromBeginning: true,
    });
    await earlier.run({
      eachMessage: ({ message }) => Promise.resolve(void taken.push(String(message.key))),
    });
    await topic.start({ groupId: GROUP, also: [answers.notes] });
    await eventually(async () => expect(await topic.members(GROUP)).toBe(3));
    const keys = topic.keysByPartition();
    const sendToAll = async (n: number) => {
      await topic.send(...keys.map((key) => aNote(topic.notes, key, n)));
      await answers.send(...keys.map((key) => aNote(answers.notes, key, n + 10)));
    };

    await sendToAll(0);
    await eventually(async () =>
      expect(taken.length + size(await topic.stored())).toBe(2 * keys.length),
    );
    expect(taken).not.toEqual([]);
    await earlier.disconnect();
    taken.length = 0;
    await sendToAll(1);

    await eventually(async () =>
      expect(await topic.stored()).toMatchObject(
        Object.fromEntries(keys.map((key) => [key, expect.arrayContaining([1, 11])])),
      ),
    );
    await answers.stop();
  });

  it('calls one handler for several topics, and dead-letters on each what is not of that topic', async () => {
    const other = await givenTopic();
    await topic.send(note('a', 0));
    await other.send(aNote(other.notes, 'b', 0), { ...aNote(other.notes, 'b', 1), key: 'c' });

    await topic.start({ groupId: GROUP, also: [other.notes] });

    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0], b: [0] }));
    await eventually(async () =>
      expect(await topic.deadLetters.list()).toMatchObject([{ topic: other.notes.name }]),
    );
    await other.stop();
  });

  it('with lanes, has several batches at work, never two of one partition, and keeps the order of each key', async () => {
    const atWork: Set<string>[] = [];
    let most = 0;
    const before = async (batch: readonly { data: { noteId: string } }[]) => {
      const notes = new Set(batch.map(({ data }) => data.noteId));
      expect(atWork.some((others) => [...notes].some((noteId) => others.has(noteId)))).toBe(false);
      atWork.push(notes);
      most = Math.max(most, atWork.length);
      await sleep(20);
      atWork.splice(atWork.indexOf(notes), 1);
    };
    const service = await topic.start({ groupId: GROUP, lanes: 3, before });

    for (let n = 0; n < 20; n += 5) await topic.send(...many(NOTES, n + 5).slice(n * NOTES.length));

    await eventually(async () => expect(await topic.stored()).toEqual(ids(NOTES, 20)));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
    expect((await service.database.query('SELECT FROM dead_letter')).length).toBe(0); // what `before` finds wrong would be there
  });

  it('commits offsets only after the handler, also when it is stopped meanwhile', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const service = await topic.start({ groupId: GROUP, before: () => held });
    await topic.send(...many(['a'], 3));
    await eventually(() => expect(service.batches).toHaveLength(1));
    expect(await topic.committed(GROUP)).toBe(0);

    const stopping = service.stop();
    await sleep(100);
    release();
    await stopping;

    expect(await topic.stored()).toEqual({ a: [0, 1, 2] });
    expect(await topic.committed(GROUP)).toBe(3);
  });

  it('has moved the offset of all that is done before it leaves the group', async () => {
    const service = await topic.start({ groupId: GROUP });
    for (let n = 0; n < 5; n++) {
      await topic.send(note('a', n));
      await eventually(async () => expect(size(await topic.stored())).toBe(n + 1));
    }

    await service.stop();

    expect(await topic.committed(GROUP)).toBe(5);
  });

  it('stays in its group while a handler takes longer than the session', async () => {
    const service = await topic.start({ before: () => sleep(SESSION_MS + 1_500) });
    await topic.send(note('a', 0));
    await eventually(() => expect(service.batches).toHaveLength(1));
    const since = Date.now();

    const second = await topic.start();

    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0] }), {
      withinMs: 15_000,
    });
    expect(service.server.faults()).toEqual([]);
    await eventually(() => expect(second.server.faults()).toEqual([]), { withinMs: 15_000 });
    expect(Date.now() - since).toBeGreaterThan(SESSION_MS); // the second waited for the first: nobody was thrown out
    expect([...service.batches, ...second.batches]).toHaveLength(1);
  });

  it('takes nothing while it is paused, and everything after', async () => {
    const service = await topic.start();
    await topic.send(note('a', 0));
    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0] }));

    service.server.pause();
    await topic.send(note('a', 1));
    await sleep(800);
    expect(await topic.stored()).toEqual({ a: [0] });
    service.server.resume();

    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0, 1] }));
  });

  it('loses nothing and keeps order while members come and go under load', async () => {
    const slow = () => sleep(15);
    await topic.start({ before: slow });
    const members = new AbortController();
    const load = sendUntil(members.signal);
    try {
      for (let round = 0; round < 2; round++) {
        const second = await topic.start({ before: slow });
        await eventually(() => expect(second.batches.length).toBeGreaterThan(0), {
          withinMs: 20_000,
        });
        await second.stop();
      }
    } finally {
      members.abort();
    }
    const sent = await load;

    await eventually(async () => expect(size(await topic.stored())).toBe(NOTES.length * sent), {
      withinMs: 20_000,
    });
    expect(await topic.stored()).toEqual(ids(NOTES, sent));
    expect(await topic.deadLetters.list()).toEqual([]);
  });

  it('says that it is not a member, and ends the process when the group will never take it', async () => {
    const foreign = topic.kafka.consumer({
      groupId: GROUP,
      partitionAssigners: [
        () => ({
          name: 'StrangeAssigner',
          version: 1,
          assign: () => Promise.resolve([]),
          protocol: () => ({ name: 'StrangeAssigner', metadata: Buffer.alloc(0) }),
        }),
      ],
    });
    await foreign.connect();
    await foreign.subscribe({ topics: [topic.notes.name] });
    const joined = new Promise((resolve) => foreign.on('consumer.group_join', resolve));
    await foreign.run({ eachMessage: () => Promise.resolve() });
    await joined;

    const service = await topic.start({ groupId: GROUP });

    await eventually(() =>
      expect(service.fatal).toMatchObject([{ type: 'INCONSISTENT_GROUP_PROTOCOL' }]),
    );
    expect(service.server.faults()).toEqual([
      expect.stringMatching(/^kafka: not a member of its consumer group yet: .* incompatible /),
    ]);
    await foreign.disconnect();
  });
});
