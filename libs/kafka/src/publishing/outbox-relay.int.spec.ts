import { setTimeout as sleep } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import type { WireMessage } from '@sluice/messages';
import { packMessages } from '@sluice/postgres';
import { eventually } from '@sluice/test-kit';
import { givenTopic, type TestService } from '../testkit/given-service.js';
import { aNote, notesTopic } from '../testkit/notes-topic.js';

const range = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('OutboxRelay on Kafka', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeEach(async () => void (topic = await givenTopic()));
  afterEach(() => topic.stop());

  const publish = (service: TestService, noteId: string, ...ns: number[]) =>
    service.unitOfWork.run((tx) =>
      Promise.resolve(tx.publish(...ns.map((n) => aNote(topic.notes, noteId, n)))),
    );
  const outbox = async () => (await topic.database.query('SELECT FROM outbox')).length;

  it('publishes right after COMMIT: a handler has the message within milliseconds', async () => {
    const arrived = new Map<number, number>();
    const service = await topic.start({
      before: (batch) => batch.forEach(({ data }) => arrived.set(data.n, performance.now())),
    });
    await eventually(() => expect(service.server.faults()).toEqual([]));
    const took: number[] = [];
    for (const n of range(20)) {
      await sleep(300); // the consumer gathers records for 250 ms after each batch
      await publish(service, `note ${n}`, n);
      const committed = performance.now();
      took.push(
        (await eventually(() => arrived.get(n) ?? Promise.reject(new Error('not yet')), {
          everyMs: 1,
        })) - committed,
      );
    }

    const median = took.sort((a, b) => a - b)[10] ?? 0;
    process.stderr.write(
      `commit to handler: p50 ${median.toFixed(1)} ms, worst ${took.at(-1)?.toFixed(1)} ms\n`,
    );
    expect(median).toBeLessThan(250);
    await eventually(async () => expect(await outbox()).toBe(0));
  });

  it('publishes again, under the same ids, what a crash left between sending and deleting', async () => {
    const service = await topic.start();
    const died = await topic.start({ groupId: 'another' });
    died.outbox.remove = () => new Promise(() => undefined); // the process ends before the row is deleted
    await publish(died, 'a', 0, 1);
    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0, 1] }));
    await died.relay.stop();

    await topic.database.query(
      `UPDATE outbox SET touched_at = clock_timestamp() - interval '1 minute'`,
    );

    await eventually(async () => expect(await outbox()).toBe(0));
    await eventually(() =>
      expect(service.batches.flat().map(({ id }) => id)).toEqual(['a-0', 'a-1', 'a-0', 'a-1']),
    );
    expect(await topic.stored()).toEqual({ a: [0, 1] });
  });

  it('publishes within seconds what is there again with an earlier state of the database, under the name of this living process', async () => {
    const service = await topic.start();
    await service.outbox.remove([]); // opens a connection
    const kept = service.outbox.remove.bind(service.outbox);
    const back = Promise.withResolvers<void>();
    service.outbox.remove = async (ids) => {
      service.outbox.remove = kept;
      await topic.database.query('CREATE TABLE earlier AS SELECT * FROM outbox');
      await kept(ids);
      back.resolve();
    };
    await publish(service, 'a', 0);
    await back.promise;

    await topic.database.query('INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM earlier');

    await eventually(async () => expect(await outbox()).toBe(0), { withinMs: 20_000 });
    await eventually(() =>
      expect(service.batches.flat().map(({ id }) => id)).toEqual(['a-0', 'a-0']),
    );
    expect(await topic.stored()).toEqual({ a: [0] });
  });

  it('reads the table seldom at rest, and publishes the row of an ended process even so', async () => {
    const service = await topic.start();
    await publish(service, 'a', 0);
    await eventually(async () => expect(await outbox()).toBe(0));
    await sleep(2_000);
    const adopt = service.outbox.adopt.bind(service.outbox);
    let reads = 0;
    service.outbox.adopt = () => (reads++, adopt());

    await sleep(4_000);
    const atRest = reads;
    await topic.database.query(
      `INSERT INTO outbox (publisher, keys, messages) SELECT NULL, '{b}', $1`,
      [packMessages([aNote(topic.notes, 'b', 1)])],
    );

    expect(atRest).toBeLessThanOrEqual(1);
    await eventually(async () => expect(await outbox()).toBe(0), { withinMs: 20_000 });
    expect(await topic.stored()).toEqual({ a: [0], b: [1] });
  });

  it('leaves a published row to the next transaction for the configured time', async () => {
    const service = await topic.start({ publishedStayMs: 60_000 });
    const ids = async () =>
      (await topic.database.query<{ id: string }>('SELECT id::text FROM outbox')).map(
        ({ id }) => id,
      );
    await publish(service, 'a', 0);
    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0] }));
    await sleep(1_200); // a sweep
    const [first] = await ids();

    await publish(service, 'a', 1);

    const [second, ...others] = await ids();
    expect(others).toEqual([]);
    expect(first).toBeDefined();
    expect(second).not.toBe(first);
    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0, 1] }));
    await service.relay.stop();
    expect(await ids()).toEqual([]);
  });

  it('removes later what the database could not remove at once', async () => {
    const service = await topic.start();
    const remove = service.outbox.remove.bind(service.outbox);
    let failures = 0;
    service.outbox.remove = (ids) =>
      failures++ < 2 ? Promise.reject(new Error('away')) : remove(ids);

    await publish(service, 'a', 0);

    await eventually(async () => expect(await outbox()).toBe(0));
    expect(failures).toBeGreaterThan(2);
  });

  it('sends more than a broker takes at once, in order', async () => {
    const service = await topic.start();
    await service.unitOfWork.run((tx) =>
      Promise.resolve(
        tx.publish(
          ...range(3_000).map((n) => ({
            ...aNote(topic.notes, 'a', n),
            headers: { ...aNote(topic.notes, 'a', n).headers, pad: 'x'.repeat(500) },
          })),
        ),
      ),
    );

    await eventually(async () => expect(await topic.stored()).toEqual({ a: range(3_000) }));
  });

  describe('a row that is no word of the service', () => {
    /** By whoever may write to the database. */
    const insert = (messages: Buffer) =>
      topic.database.query(`INSERT INTO outbox (keys, messages) VALUES ('{a}', $1)`, [messages]);
    const setAside = () =>
      topic.database.query<{ cause: string; messages: Buffer }>(
        'SELECT cause, messages FROM set_aside_row ORDER BY id',
      );

    it('names a topic that others produce: it is kept and never sent, and what is behind it goes on', async () => {
      const others = await givenTopic();
      const service = await topic.start({ produces: (name) => name === topic.notes.name });
      const reader = await others.start();
      const forged = packMessages([aNote(topic.notes, 'a', 8), aNote(others.notes, 'a', 9)]);

      await insert(forged);
      await eventually(async () => expect(await setAside()).toHaveLength(1), { withinMs: 20_000 });
      await publish(service, 'a', 0);

      await eventually(async () => expect(await topic.stored()).toEqual({ a: [0] }));
      expect(await setAside()).toEqual([
        { cause: `this service does not produce ${others.notes.name}`, messages: forged },
      ]);
      await eventually(async () => expect(await outbox()).toBe(0));
      expect(reader.batches).toEqual([]);
      expect(service.errors).toMatchObject([{ text: expect.stringContaining('set aside') }]);
      expect(service.relay.faults()).toEqual([
        expect.stringContaining('set aside 1 rows not written by this service'),
      ]);
      await others.stop();
    });

    it('is there where the service produces nothing: it is kept, and the service needs no producer', async () => {
      const service = await topic.start({ produces: null });

      await insert(packMessages([aNote(topic.notes, 'a', 8)]));

      await eventually(async () => expect(await setAside()).toHaveLength(1), { withinMs: 20_000 });
      expect(service.relay.faults()).toEqual([
        expect.stringContaining('set aside 1 rows not written by this service'),
      ]);
      expect(await topic.stored()).toEqual({});
    });

    it.each<[string, Buffer]>([
      ['is not compressed', Buffer.from('[]')],
      ['is shorter than any', Buffer.from('x')],
      ['is no JSON', zstdCompressSync('nonsense')],
      ['holds no list', zstdCompressSync('{}')],
      ['holds no messages', zstdCompressSync('[{"topic":1},null]')],
    ])('%s: it is kept, and what is behind it goes on', async (_what, bytes) => {
      const service = await topic.start();

      await insert(bytes);
      await eventually(async () => expect(await setAside()).toMatchObject([{ messages: bytes }]), {
        withinMs: 20_000,
      });
      await publish(service, 'a', 0);

      await eventually(async () => expect(await topic.stored()).toEqual({ a: [0] }));
      await eventually(async () => expect(await outbox()).toBe(0));
    });
  });

  describe('what is for a topic that does not exist', () => {
    const lost = notesTopic();
    const to = (message: WireMessage): WireMessage => ({ ...message, topic: lost.name });
    const create = async () => {
      const admin = topic.kafka.admin();
      await admin.connect();
      await admin.createTopics({
        topics: [{ topic: lost.name, numPartitions: 1 }],
        waitForLeaders: true,
      });
      await admin.disconnect();
    };
    const read = async (): Promise<string[]> => {
      const consumer = topic.kafka.consumer({ groupId: `reader of ${lost.name}` });
      await consumer.connect();
      await consumer.subscribe({ topic: lost.name, fromBeginning: true });
      const ids: string[] = [];
      await consumer.run({
        eachMessage: ({ message }) =>
          Promise.resolve(void ids.push(String(message.headers?.['ce_id']))),
      });
      await eventually(() => expect(ids.length).toBeGreaterThanOrEqual(3), { withinMs: 15_000 });
      await consumer.disconnect();
      return ids;
    };

    it('waits, with what belongs behind it; everything else flows; and it leaves in order once the topic is there', async () => {
      const [one, two] = [await topic.start(), await topic.start({ groupId: 'another' })];
      const note = (id: string, n: number) => aNote(topic.notes, id, n);
      const publishAll = (service: TestService, ...messages: WireMessage[]) =>
        service.unitOfWork.run((tx) => Promise.resolve(tx.publish(...messages)));

      await publishAll(one, note('a', 0), to(note('a', 1)), note('a', 2), note('b', 0));
      await publishAll(one, note('b', 1), to(note('c', 0)));
      await eventually(
        () =>
          expect(one.relay.faults()).toEqual([
            `outbox: topic ${lost.name} does not exist; 2 messages wait for it`,
          ]),
        {
          withinMs: 15_000,
        },
      );
      await publishAll(one, note('a', 3), note('d', 0));
      await publishAll(two, note('b', 2)); // by another process: nothing of b stands in its way any more
      await publishAll(two, to(note('e', 0)), note('a', 4)); // and a has to wait there too

      const flown = { a: [0], b: [0, 1, 2], d: [0] };
      await eventually(async () => expect(await topic.stored()).toEqual(flown), {
        withinMs: 15_000,
      });
      expect(await outbox()).toBeGreaterThan(0);

      await create();

      await eventually(async () => expect(await outbox()).toBe(0), { withinMs: 20_000 });
      await eventually(
        async () => expect(await topic.stored()).toEqual({ ...flown, a: [0, 2, 3, 4] }),
        { withinMs: 15_000 },
      );
      expect(new Set(await read())).toEqual(new Set(['a-1', 'c-0', 'e-0']));
      expect([...one.relay.faults(), ...two.relay.faults()]).toEqual([]);
    }, 90_000);
  });

  it('publishes what is queued before it stops', async () => {
    const reader = await topic.start();
    const service = await topic.start({ groupId: 'another' });
    const published = Promise.all(range(50).map((n) => publish(service, `note ${n}`, n)));
    await published;
    await service.stop();

    expect(await outbox()).toBe(0);
    await eventually(async () => expect(Object.keys(await topic.stored())).toHaveLength(50));
    expect(reader.fatal).toEqual([]);
  });

  it('deletes what it has published before it stops, also where that takes its time', async () => {
    const service = await topic.start();
    const remove = service.outbox.remove.bind(service.outbox);
    const stop = service.relay.stop.bind(service.relay);
    const isStopping = new Promise<void>((resolve) => {
      service.relay.stop = () => (resolve(), stop());
    });
    service.outbox.remove = (ids) => isStopping.then(() => sleep(300)).then(() => remove(ids));
    await publish(service, 'a', 0);
    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0] }));

    await service.stop();

    expect(await outbox()).toBe(0);
  });
});
