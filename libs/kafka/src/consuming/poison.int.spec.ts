import { eventually, TcpProxy } from '@sluice/test-kit';
import { RefusedMessages } from './bisect.js';
import { givenTopic, type RawMessage, type TestService } from '../testkit/given-service.js';
import { aNote } from '../testkit/notes-topic.js';

const size = (stored: Record<string, number[]>) => Object.values(stored).flat().length;
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('messages that cannot be processed', () => {
  let topic: Awaited<ReturnType<typeof givenTopic>>;
  beforeEach(async () => void (topic = await givenTopic()));
  afterEach(() => topic.stop());

  const note = (noteId: string, n: number) => aNote(topic.notes, noteId, n);
  const replayed = (service: TestService, id = '') =>
    topic.deadLetters.replay(id, service.unitOfWork, (letter) => service.server.replay(letter));

  it('one of a hundred is dead-lettered with its cause, the others are handled once, and its replay works after the fix', async () => {
    let fixed = false;
    await topic.send(...range(100).map((n) => note('a', n)));
    const service = await topic.start({
      before: (batch) => {
        if (!fixed && batch.some(({ data }) => data.n === 37))
          throw new RangeError('37 is too much');
      },
    });
    const [deadLetters] = await eventually(async () => {
      const list = await topic.deadLetters.list();
      expect(list).toMatchObject([
        { cause: 'RangeError: 37 is too much', key: 'a', headers: { ce_id: 'a-37' } },
      ]);
      return list;
    });
    await eventually(async () =>
      expect(await topic.stored()).toEqual({ a: range(100).filter((n) => n !== 37) }),
    );

    const replay = () => replayed(service, deadLetters?.id);
    expect(await replay()).toEqual({ kind: 'failed', cause: 'RangeError: 37 is too much' });
    fixed = true;
    expect(await replay()).toEqual({ kind: 'replayed' });
    expect(await replay()).toEqual({ kind: 'missing' });

    expect((await topic.stored())['a']?.at(-1)).toBe(37);
    expect(await topic.deadLetters.list()).toEqual([]);
  });

  it('those that the handler names are dead-lettered at once, and the others are handled without them', async () => {
    let calls = 0;
    const isOdd = ({ data }: { data: { n: number } }) => data.n % 2 === 1;
    await topic.send(...range(100).map((n) => note('a', n)));
    await topic.start({
      before: (batch) => {
        calls += 1;
        const odd = batch.filter(isOdd);
        if (odd.length > 0)
          throw new RefusedMessages(new Map(odd.map(({ id, data }) => [id, `${data.n} is odd`])));
      },
    });

    await eventually(async () =>
      expect(await topic.stored()).toEqual({ a: range(100).filter((n) => n % 2 === 0) }),
    );
    const letters = await topic.deadLetters.list();
    expect(letters).toHaveLength(50);
    expect(letters).toContainEqual(expect.objectContaining({ cause: '37 is odd' }));
    expect(calls).toBeLessThan(20); // two for each batch; a search in halves takes more than one for each message
  });

  it('what cannot even be read is dead-lettered as it came, and stops nobody', async () => {
    const good = note('a', 0);
    const value = (bytes: string | Buffer | null) => ({ ...note('a', 9), value: bytes });
    const { ce_id: _, ...headers } = good.headers;
    const big = JSON.stringify({ noteId: 'a', n: 'x'.repeat(1_000_000) });
    const cases: [cause: RegExp, message: RawMessage][] = [
      [/not a JSON object/, value('{"noteId": "a", "n": ')],
      [/not a JSON object/, value('[1]')],
      [/not a JSON object/, value('')],
      [/not a JSON object/, value(null)],
      [/not a JSON object/, value('{"noteId":"a","n":1}\0')],
      [/not UTF-8/, value(Buffer.from('{"noteId":"a\xff","n":1}', 'latin1'))],
      [/is invalid/, value('{"__proto__":{"noteId":"a","n":1}}')],
      [/is invalid/, value(big)],
      [/is not the message key/, value('{"noteId":"b","n":1}')],
      [
        /unknown message type __proto__/,
        { ...good, headers: { ...good.headers, ce_type: '__proto__' } },
      ],
      [/header ce_id is missing/, { ...good, headers: { ...headers, 'a\0b': 'c\0d' } }],
    ];

    for (const [, message] of cases) await topic.send(message);
    await topic.send(good);
    const service = await topic.start();

    await eventually(async () => expect(await topic.stored()).toEqual({ a: [0] }));
    const deadLetters = (await topic.deadLetters.list()).reverse();
    expect(deadLetters).toHaveLength(cases.length);
    cases.forEach(([cause], index) => expect(deadLetters[index]?.cause).toMatch(cause));
    expect(deadLetters.map(({ value: kept, encoding }) => Buffer.from(kept, encoding))).toEqual(
      cases.map(([, sent]) => Buffer.from(sent.value ?? '')),
    );

    for (const { id, cause } of deadLetters)
      expect(await replayed(service, id)).toEqual({ kind: 'failed', cause });
    expect((await topic.deadLetters.list()).reverse()).toEqual(deadLetters);
  });

  it('a database that is away dead-letters nothing and loses nothing', async () => {
    const proxy = await TcpProxy.to(Number(new URL(topic.url).port));
    const service = await topic.start({ databaseUrl: (url) => proxy.through(url) });
    await topic.send(...range(10).map((n) => note('a', n)));
    await eventually(async () => expect(size(await topic.stored())).toBe(10));

    proxy.refuse();
    const seen = service.batches.length;
    await topic.send(
      ...range(20)
        .slice(10)
        .map((n) => note('a', n)),
    );
    await eventually(() => expect(service.batches.length).toBeGreaterThan(seen + 2));
    proxy.admit();

    await eventually(async () => expect(await topic.stored()).toEqual({ a: range(20) }));
    expect(await topic.deadLetters.list()).toEqual([]);
    await service.stop();
    await proxy.close();
  });
});
