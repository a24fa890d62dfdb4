import { randomUUIDv7 } from 'node:crypto';
import { purgeInbox } from './sweep.js';
import { givenDatabase } from '../testkit/given-database.js';

describe('inbox', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());
  beforeEach(() => db.database.query('TRUNCATE inbox, note'));

  const claim = (ids: readonly string[]) =>
    db.unitOfWork.run(async (tx) =>
      (await tx.claimInbox(ids.map((id) => ({ id })))).map(({ id }) => id),
    );

  it('answers each message once, in its order, also when it comes twice in one batch', async () => {
    expect(await claim(['c', 'a', 'c', 'b', 'a'])).toEqual(['c', 'a', 'b']);
    expect(await claim(['d', 'a'])).toEqual(['d']);
  });

  it('answers each message to one of several claimers, whatever order they come in, without a deadlock', async () => {
    const ids = Array.from({ length: 300 }, (_, n) => `m${n}`);
    const deadlocks = async () =>
      (
        await db.database.query<{ n: string }>(
          'SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()',
        )
      )[0]?.n;
    const before = await deadlocks();

    const claimed = await Promise.all([
      claim(ids),
      claim([...ids].reverse()),
      claim(ids.slice(100)),
      claim([...ids].sort()),
    ]);

    expect(claimed.flat().sort()).toEqual([...ids].sort());
    expect(await deadlocks()).toBe(before);
  });

  it('does the whole work again when one of many had been claimed, and keeps nothing of the first attempt', async () => {
    await claim(['b']);
    let attempts = 0;

    const claimed = await db.unitOfWork.run(async (tx) => {
      attempts += 1;
      void tx.query('INSERT INTO note (id) VALUES ($1)', ['once']);
      return tx.claimInbox(['a', 'b', 'c'].map((id) => ({ id })));
    });

    expect(claimed).toEqual([{ id: 'a' }, { id: 'c' }]);
    expect([attempts, await db.count('note'), await db.count('inbox')]).toEqual([2, 1, 3]);
  });

  it('tells its own claims from whatever else must be unique', async () => {
    await db.database.query('INSERT INTO note (id) VALUES ($1)', ['taken']);
    let attempts = 0;

    const failed = db.unitOfWork.run(async (tx) => {
      attempts += 1;
      await tx.claimInbox([{ id: 'a' }]);
      await tx.query('INSERT INTO note (id) VALUES ($1)', ['taken']);
    });

    await expect(failed).rejects.toMatchObject({ code: '23505', table: 'note' });
    expect([attempts, await db.count('inbox')]).toEqual([1, 0]);
  });

  it('finds claims without making any, and no claim of another consumer', async () => {
    const unclaimed = (ids: readonly string[]) =>
      db.unitOfWork.run(async (tx) =>
        (await tx.unclaimed(ids.map((id) => ({ id })))).map(({ id }) => id),
      );
    const [claimed, fresh] = [randomUUIDv7(), randomUUIDv7()];
    await claim([claimed, 'no uuid']);
    await db.database.query(`INSERT INTO inbox (consumer, message_id) VALUES ('other', $1)`, [
      fresh,
    ]);

    for (let n = 0; n < 2; n++)
      expect(await unclaimed([fresh, claimed, 'x', fresh, 'no uuid'])).toEqual([fresh, 'x']);
  });

  it('gives a message back when the claimer before rolled back', async () => {
    const failed = db.unitOfWork.run(async (tx) => {
      await tx.claimInbox([{ id: 'a' }]);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');

    expect(await claim(['a'])).toEqual(['a']);
  });

  it('forgets old claims outside its partitions, a bounded number at a time', async () => {
    const fresh = randomUUIDv7();
    await claim([fresh, 'no uuid']);
    await db.database.query(
      `INSERT INTO inbox (consumer, message_id, claimed_at)
       SELECT 'tester', '018f0000-' || lpad(to_hex(n), 4, '0') || '-7000-8000-000000000000', now() - interval '20 days' FROM generate_series(1, 6000) AS n`,
    );

    const purged = [
      await purgeInbox(db.service),
      await purgeInbox(db.service),
      await purgeInbox(db.service),
    ];

    expect(purged).toEqual([5_000, 1_000, 0]);
    expect(await claim([fresh, 'no uuid'])).toEqual([]);
  });
});
