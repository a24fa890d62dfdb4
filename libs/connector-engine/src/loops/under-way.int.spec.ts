import { setTimeout as sleep } from 'node:timers/promises';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { NO_ANSWER, TestQueue } from '../testkit/given-queue.js';
import { type DueWork, UnderWay } from './under-way.js';

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

  describe('names the due work', () => {
    const FAILED = { kind: 'unknown', cause: 'cut', evidence: NO_ANSWER } as const;
    const set = (columnsSql: string) => queue.database.query(`UPDATE submission SET ${columnsSql}`);
    const WORKS: readonly DueWork[] = [
      'ends',
      'cancels',
      'first look-ups',
      'unknown',
      'refusals',
      'orders of pay',
      'orders of push',
    ];
    const due = async () => {
      const underWay = new UnderWay(queue.service);
      const answers = await Promise.all(WORKS.map((work) => underWay.isDue(work)));
      return WORKS.filter((_work, index) => answers[index]);
    };

    it('of an order from its receipt to its end', async () => {
      expect(await due()).toEqual([]);
      await queue.submit(null);
      expect(await due()).toEqual(['orders of pay']);
      await set('lookup_first = true');
      expect(await due()).toEqual(['first look-ups', 'orders of pay']);
      await set('lookup_first = false');

      const claims = await queue.claim('a');
      expect(await due()).toEqual([]);
      await queue.outcome(claims, FAILED);
      expect(await due()).toEqual([]);
      await set(`next_action_at = now()`);
      expect(await due()).toEqual(['unknown']);
      await set(`state = 'accepted', venue_reference = 'v1'`);
      expect(await due()).toEqual([]);
      await set(`cancel_state = 'wished'`);
      expect(await due()).toEqual(['cancels']);
    });

    it('of a lease that has ended, a deadline, and a cancel request', async () => {
      await queue.submit(null);
      await set(`cancel_state = 'wished'`);
      expect(await due()).toEqual(['ends', 'orders of pay']);
      await set(`cancel_state = NULL, not_after = now()`);
      expect(await due()).toEqual(['ends', 'orders of pay']);
      await set('not_after = NULL');
      await queue.claim('a');
      await set('lease_until = now()');
      expect(await due()).toEqual(['ends']);
    });

    it('of a refusal once the records must list its payment', async () => {
      await queue.submit(null);
      const refusal = { basis: 'validation', reason: 'x', venueCode: null, message: 'x' } as const;
      const refused = { kind: 'refused', evidence: NO_ANSWER, ...refusal } as const;
      await queue.outcome(await queue.claim('a'), refused, 60_000);
      expect(await due()).toEqual([]);

      await set('next_action_at = now()');
      expect(await due()).toEqual(['refusals']);
    });
  });

  it('wakes the loop of work that has become due, once, while a submission is unfinished', async () => {
    const underWay = new UnderWay(queue.service);
    let woken = 0;
    underWay.whenDue('orders of pay', () => woken++);
    expect(await underWay.look('ends')).toBe(false);
    await queue.submit(null);

    underWay.begun();
    for (let look = 0; look < 3; look++) expect(await underWay.look('ends')).toBe(false);
    expect(woken).toBe(1);

    await queue.database.query('UPDATE submission SET not_after = now()');
    expect(await underWay.look('ends')).toBe(true);
    await queue.sweep();
    expect(await underWay.look('ends')).toBe(false);
    await queue.submit(null);
    underWay.begun();
    await underWay.look('ends');
    expect(woken).toBe(2);
  });
});
