import { setTimeout as sleep } from 'node:timers/promises';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { NO_ANSWER, TestQueue } from '../testkit/given-queue.js';
import { UnderWay } from './under-way.js';

describe('UnderWay', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());
  beforeEach(async () => void (queue = await TestQueue.start(postgres)));
  afterEach(() => queue.close());

  const lookedUp = () => new UnderWay(queue.database).any();

  it('is true from the order to its end', async () => {
    expect(await lookedUp()).toBe(false);

    await queue.submit(null);
    expect(await lookedUp()).toBe(true);
    const [claim] = await queue.claim('a');
    if (!claim) throw new Error('it was to be claimed');
    expect(await lookedUp()).toBe(true);
    await queue.outcome([claim], {
      kind: 'accepted',
      venueReference: 'v1',
      evidence: NO_ANSWER,
    });
    expect(await lookedUp()).toBe(true);

    await queue.database.query(`UPDATE submission SET state = 'settled', finished_at = now()`);
    expect(await lookedUp()).toBe(false);
  });

  it.each(['refusing', 'unknown', 'undecided'])('is true while one is %s', async (state) => {
    await queue.submit(null);
    await queue.claim('a');
    await queue.database.query(
      `UPDATE submission SET state = $1::text, lease_owner = NULL, lease_token = NULL, lease_until = NULL,
              refusal = CASE WHEN $1 = 'refusing' THEN '{}'::jsonb END`,
      [state],
    );

    expect(await lookedUp()).toBe(true);
  });

  it('knows at once what was begun here, and within a second what another instance has begun', async () => {
    const [here, other] = [new UnderWay(queue.database), new UnderWay(queue.database)];
    await Promise.all([here.onApplicationBootstrap(), other.onApplicationBootstrap()]);
    expect([await here.any(), await other.any()]).toEqual([false, false]);

    await queue.submit(null);
    here.begun();

    expect(await here.any()).toBe(true);
    await sleep(1_000);
    expect(await other.any()).toBe(true);
  });

  it('knows within five seconds what another instance has begun without a notification', async () => {
    const other = new UnderWay(queue.database);
    expect(await other.any()).toBe(false);

    await queue.submit(null);

    await sleep(1_000);
    expect(await other.any()).toBe(false); // at rest
    await sleep(4_000);
    expect(await other.any()).toBe(true);
  });

  it('queries again every second after a notification, although nothing was found', async () => {
    const [here, other] = [new UnderWay(queue.database), new UnderWay(queue.database)];
    await other.onApplicationBootstrap();
    expect(await other.any()).toBe(false);
    here.begun();
    await sleep(500);
    expect(await other.any()).toBe(false);

    await queue.submit(null);

    await sleep(1_000);
    expect(await other.any()).toBe(true);
  });

  it('does not let an answer of before hide what begins while it is looked up', async () => {
    const underWay = new UnderWay(queue.database);
    const asked = underWay.any();
    underWay.begun();

    expect(await asked).toBe(true);
  });
});
