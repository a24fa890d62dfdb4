import { Check } from '../checks/check.js';
import { Health } from './health.js';

/** What `/readyz` would answer as faults. */
async function faultsOf(health: Health): Promise<unknown[]> {
  const results = await Promise.all(health.indicators().map((indicator) => indicator()));
  return results.flatMap((result) =>
    Object.values(result).flatMap(({ faults }) => (faults ?? []) as string[]),
  );
}

describe('Health', () => {
  it('asks each check once, however many want to know at the same time, and keeps the answer for a moment', async () => {
    const health = new Health();
    let asked = 0;
    health.add('check', () => [`asked ${++asked}`]);

    const answers = await Promise.all([faultsOf(health), faultsOf(health), faultsOf(health)]);

    expect([...answers, await faultsOf(health)]).toEqual(
      Array.from({ length: 4 }, () => ['asked 1']),
    );
  });

  it('says that a check is late, and does not ask it again while it runs', async () => {
    const health = new Health();
    let asked = 0;
    health.add('check', () => new Promise(() => asked++), 'the database is late');

    expect([await faultsOf(health), await faultsOf(health), asked]).toEqual([
      ['the database is late'],
      ['the database is late'],
      1,
    ]);
  });

  it('reports the message of a check that fails, and nothing else once it drains', async () => {
    const health = new Health();
    health.add('check', () => Promise.reject(new Error('away')));

    expect(await faultsOf(health)).toEqual(['away']);
    health.drain();
    expect(await faultsOf(health)).toEqual(['shutting down']);
  });

  it('reports when each check was completed, and a missed check as a fault', async () => {
    const health = new Health();
    let now = 0;
    const record = health.watch(new Check({ name: 'record', everyMs: 60_000 }, () => now));
    const book = health.watch(new Check({ name: 'book', everyMs: 60_000 }, () => now));
    const report = async () => (await health.indicators()[0]?.())?.['checks'];
    record.completed();
    expect(await report()).toEqual({
      status: 'up',
      lastCompleted: { record: expect.stringMatching(/Z$/) as string, book: null },
    });

    now = 130_000;
    record.completed();
    expect(await report()).toMatchObject({
      status: 'down',
      faults: [expect.stringContaining('the check "book" has not completed for 130 s') as string],
    });
    book.completed();
    expect(await report()).toMatchObject({ status: 'up' });
  });
});
