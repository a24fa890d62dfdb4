import { Health } from './health.js';

describe('Health', () => {
  it('asks each check once, however many want to know at the same time, and keeps the answer for a moment', async () => {
    const health = new Health();
    let asked = 0;
    health.add(() => [`asked ${++asked}`]);

    const answers = await Promise.all([health.faults(), health.faults(), health.faults()]);

    expect([...answers, await health.faults()]).toEqual(
      Array.from({ length: 4 }, () => ['asked 1']),
    );
  });

  it('says that a check is late, and does not ask it again while it runs', async () => {
    const health = new Health();
    let asked = 0;
    health.add(() => new Promise(() => asked++), 'the database is late');

    expect([await health.faults(), await health.faults(), asked]).toEqual([
      ['the database is late'],
      ['the database is late'],
      1,
    ]);
  });

  it('reports the message of a check that fails, and nothing else once it drains', async () => {
    const health = new Health();
    health.add(() => Promise.reject(new Error('away')));

    expect(await health.faults()).toEqual(['away']);
    health.drain();
    expect(await health.faults()).toEqual(['shutting down']);
  });
});
