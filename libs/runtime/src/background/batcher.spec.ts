import { setTimeout as sleep } from 'node:timers/promises';
import { Batcher, inHalves, restAfterMs } from './batcher.js';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('Batcher', () => {
  it('gathers the next batch while one is at work, and answers each item its own', async () => {
    const batches: number[][] = [];
    let release: () => void = () => undefined;
    const batcher = new Batcher<number, number>(async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => (release = resolve));
      return items.map((item) => item * 10);
    });

    const answers = [batcher.add(1)];
    await tick();
    answers.push(batcher.add(2), batcher.add(3));
    await tick();
    expect(batches).toEqual([[1]]);
    release();
    await tick();
    release();

    expect(await Promise.all(answers)).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('gathers for the configured pause between two batches, and not before the first', async () => {
    const batches: number[][] = [];
    const batcher = new Batcher<number, void>(
      (items) => Promise.resolve(void batches.push([...items])),
      { restMs: 300 },
    );

    await batcher.add(1);
    batcher.put(2);
    await tick();
    batcher.put(3);
    await batcher.drained();

    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('pauses after a long batch if configured: more items share the next batch', async () => {
    const batches: number[][] = [];
    const batcher = new Batcher<number, void>(
      async (items) => {
        batches.push([...items]);
        await sleep(30);
      },
      { restsWhenBusy: true },
    );

    await batcher.add(1);
    batcher.put(2);
    await tick();
    batcher.put(3);
    await batcher.drained();

    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('takes no more items at once than its limit', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number, number>(
      (items) => (sizes.push(items.length), Promise.resolve(items)),
      { limit: 2 },
    );

    expect(await Promise.all([1, 2, 3].map((item) => batcher.add(item)))).toEqual([1, 2, 3]);
    expect(sizes).toEqual([2, 1]);
  });

  it('keeps batches near the limit without cutting one item in two', async () => {
    const batches: (readonly number[][])[] = [];
    const batcher = new Batcher<number[], void>(
      (parts) => Promise.resolve(void batches.push([...parts])),
      { limit: 4, sizeOf: (part) => part.length },
    );
    await Promise.all([[1, 2, 3], [4, 5, 6, 7, 8], [9], [10]].map((part) => batcher.add(part)));

    expect(batches).toEqual([[[1, 2, 3]], [[4, 5, 6, 7, 8]], [[9], [10]]]);
  });

  it('rejects for every item of a batch that failed, and goes on', async () => {
    let fail = true;
    const batcher = new Batcher<number, number>((items) =>
      fail ? Promise.reject(new Error('down')) : Promise.resolve(items),
    );
    const results = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    fail = false;
    await expect(batcher.add(3)).resolves.toBe(3);
  });

  it('reports an item without a result', async () => {
    await expect(new Batcher<number, number>(() => Promise.resolve([])).add(1)).rejects.toThrow(
      'answered 0 of 1',
    );
  });

  it('is drained when all was worked on, also what came meanwhile', async () => {
    const done: number[] = [];
    const batcher = new Batcher<number, void>(async (items) => {
      if (done.length === 0) batcher.put(2);
      await tick();
      done.push(...items);
    });
    batcher.put(1);
    await batcher.drained();

    expect(done).toEqual([1, 2]);
  });
});

describe('inHalves', () => {
  it.each<[string, boolean, readonly (readonly number[])[], readonly string[]]>([
    ['until what fails is alone', false, [[1, 2, 3], [1, 2], [3]], ['1', '2', 'gave up 3']],
    ['only where a smaller part may succeed', true, [[1, 2, 3]], Array(3).fill('gave up 1,2,3')],
  ])(
    'cuts a batch that fails %s, and answers in order',
    async (_what, isShared, parts, answers) => {
      const asked: (readonly number[])[] = [];

      expect(
        await inHalves<number, string>([1, 2, 3], {
          work: (part) => {
            asked.push(part);
            return part.includes(3)
              ? Promise.reject(new Error('three'))
              : Promise.resolve(part.map(String));
          },
          isShared: () => isShared,
          giveUp: (part) => part.map(() => `gave up ${part.join(',')}`),
        }),
      ).toEqual(answers);
      expect(asked).toEqual(parts);
    },
  );
});

it.each([
  [0, 0],
  [1, 0.1],
  [3, 0.9],
  [10, 10],
  [14, 19.6],
  [15, 20],
  [1_000, 20],
])('a turn of %d ms is followed by a pause of %d ms', (took, rest) => {
  expect(restAfterMs(took)).toBeCloseTo(rest);
});
