import { setTimeout as sleep } from 'node:timers/promises';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { TestQueue } from '../testkit/given-queue.js';
import { WorkerLeases } from './worker-lease.js';

const LIMIT_MS = 1_000;

describe('the lease of a job', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => void (queue = await TestQueue.start(postgres)));
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const leaseOf = (owner: string) =>
    new WorkerLeases(queue.service, owner).named('record', LIMIT_MS);
  const lastOwner = () => queue.database.query('SELECT owner, until FROM worker_lease');
  const PLANTED = { owner: 'x', until: new Date('2036-01-01T00:00:00Z') };
  const plant = () =>
    queue.service.query(`INSERT INTO worker_lease (name, owner, until) VALUES ('record', $1, $2)`, [
      PLANTED.owner,
      PLANTED.until,
    ]);

  it('gives the job to one instance at a time', async () => {
    const [a, b] = [leaseOf('a'), leaseOf('b')];

    expect([await a.held(), await b.held(), await a.held()]).toEqual([true, false, true]);
  });

  it('is held without a query in the first half of its term, and is given up at once', async () => {
    const [a, b] = [leaseOf('a'), leaseOf('b')];
    await a.held();
    const [granted] = await lastOwner();

    expect(await a.held()).toBe(true);
    expect(await lastOwner()).toEqual([granted]);

    const { now } = performance;
    performance.now = () => now.call(performance) + 5_001;
    try {
      expect(await a.held()).toBe(true);
    } finally {
      performance.now = now;
    }
    expect(await lastOwner()).not.toEqual([granted]);

    await a.release();
    expect([await b.held(), await a.held()]).toEqual([true, false]);
  });

  it('written to a foreign owner until 2036 stops no instance for longer than the limit', async () => {
    await plant();
    const [a, b] = [leaseOf('a'), leaseOf('b')];
    expect([await a.held(), await b.held()]).toEqual([false, false]);

    await sleep(LIMIT_MS + 50);

    expect([await a.held(), await b.held()]).toEqual([true, true]);
    expect([await a.held(), await b.held()]).toEqual([false, false]);
    expect(await lastOwner()).toEqual([PLANTED]);
  });

  it('with a locked row stops no instance for longer than the limit', async () => {
    await plant();
    const a = leaseOf('a');
    await queue.database.withClient(async (client) => {
      await client.query('BEGIN; SELECT FROM worker_lease FOR UPDATE');
      const blocked = a.held();
      await sleep(LIMIT_MS + 50);
      expect(await a.held()).toBe(true);
      await client.query('ROLLBACK');
      expect(await blocked).toBe(false);
    });
  });
});
