import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import { givenTopic } from '../testkit/given-service.js';
import { aNote } from '../testkit/notes-topic.js';

const NOTES = ['a', 'b', 'c', 'd'];

describe('a broker that is killed and started again', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeAll(async () => void (topic = await givenTopic()));
  afterAll(() => topic.stop());

  it('costs a pause: what commits meanwhile is published afterwards, in order and handled once', async () => {
    const service = await topic.start();
    const end = new AbortController();
    const load = (async () => {
      let n = 0;
      for (; !end.signal.aborted; n++) {
        await service.unitOfWork.run((tx) =>
          Promise.resolve(tx.publish(...NOTES.map((noteId) => aNote(topic.notes, noteId, n)))),
        );
        await sleep(10);
      }
      return n;
    })();
    await eventually(async () => expect(Object.keys(await topic.stored())).toHaveLength(4));

    await topic.broker.kill();
    await sleep(1_500);
    await topic.broker.restart();
    const since = Date.now();
    const behind = async () => Object.values(await topic.stored()).flat().length;
    const before = await behind();
    await eventually(async () => expect(await behind()).toBeGreaterThan(before), {
      withinMs: 20_000,
    });
    process.stderr.write(`resumed ${Date.now() - since} ms after the broker was ready\n`);
    end.abort();
    const sent = await load;

    const all = Object.fromEntries(
      NOTES.map((noteId) => [noteId, Array.from({ length: sent }, (_, n) => n)]),
    );
    await eventually(async () => expect(await topic.stored()).toEqual(all), { withinMs: 20_000 });
    await eventually(() =>
      expect([...service.server.faults(), ...service.relay.faults()]).toEqual([]),
    );
    await eventually(async () =>
      expect(await topic.database.query('SELECT FROM outbox')).toEqual([]),
    );
    expect([service.fatal, await topic.deadLetters.list()]).toEqual([[], []]);
  });
});
