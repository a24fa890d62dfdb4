import { Collector } from './collector.js';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('Collector', () => {
  it('runs one batch at a time and merges what arrives meanwhile', async () => {
    const batches: number[][] = [];
    let release: () => void = () => undefined;
    const collector = new Collector<number>(async (batch) => {
      batches.push([...batch]);
      await new Promise<void>((resolve) => (release = resolve));
    }, 100);

    const first = collector.add([1, 2]);
    await tick();
    const others = [collector.add([3]), collector.add([4, 5])];
    await tick();
    expect(batches).toEqual([[1, 2]]);
    release();
    await first;
    await tick();
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    release();
    await Promise.all(others);
  });

  it('keeps batches near the limit without cutting one caller in two', async () => {
    const sizes: number[] = [];
    const collector = new Collector<number>(
      (batch) => Promise.resolve(void sizes.push(batch.length)),
      4,
    );
    await Promise.all([
      collector.add([1, 2, 3]),
      collector.add([4, 5, 6, 7, 8]),
      collector.add([9]),
      collector.add([10]),
    ]);
    expect(sizes).toEqual([3, 5, 2]);
  });

  it('rejects for every caller of a batch that failed, and goes on', async () => {
    let fail = true;
    const collector = new Collector<number>(
      () => (fail ? Promise.reject(new Error('down')) : Promise.resolve()),
      100,
    );
    const results = await Promise.allSettled([collector.add([1]), collector.add([2])]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    fail = false;
    await expect(collector.add([3])).resolves.toBeUndefined();
  });
});
