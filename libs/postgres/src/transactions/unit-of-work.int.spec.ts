import { isInfrastructureFault } from '../connection/faults.js';
import { aMessage, givenDatabase } from '../testkit/given-database.js';

describe('UnitOfWork on PostgreSQL', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());
  beforeEach(() => db.database.query('TRUNCATE inbox, outbox, note'));

  const addNote = (id: string) =>
    db.unitOfWork.run((tx) => tx.query('INSERT INTO note (id) VALUES ($1)', [id]));

  it('commits inbox, state and outbox together, then hands the row to the relay', async () => {
    const before = db.committedRows.length;

    const answer = await db.unitOfWork.run(async (tx) => {
      const fresh = await tx.claimInbox([{ id: 'm1' }]);
      void tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      tx.publish(aMessage('e1'));
      return fresh.length;
    });

    expect(answer).toBe(1);
    expect([await db.count('inbox'), await db.count('note'), await db.count('outbox')]).toEqual([
      1, 1, 1,
    ]);
    expect(db.committedRows.slice(before)).toMatchObject([
      { isOwned: true, messages: [aMessage('e1')] },
    ]);
  });

  it('has statements planned once whatever their values, and leaves other questions as they were', async () => {
    const mode = 'SHOW plan_cache_mode';

    expect(await db.unitOfWork.run((tx) => tx.query(mode))).toEqual([
      { plan_cache_mode: 'force_generic_plan' },
    ]);
    expect(await db.database.query(mode)).toEqual([{ plan_cache_mode: 'auto' }]);
  });

  it('leaves nothing of any of them after a throw, and the connection is fit for the next', async () => {
    const before = db.committedRows.length;

    const failed = db.unitOfWork.run(async (tx) => {
      await tx.claimInbox([{ id: 'm1' }]);
      await tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      tx.publish(aMessage('e1'));
      throw new Error('changed its mind');
    });

    await expect(failed).rejects.toThrow('changed its mind');
    expect([await db.count('inbox'), await db.count('note'), await db.count('outbox')]).toEqual([
      0, 0, 0,
    ]);
    expect(db.committedRows).toHaveLength(before);
    await addNote('next');
  });

  it('fails with the first error when a statement nobody awaited failed, though later ones fail as well', async () => {
    const failed = db.unitOfWork.run(async (tx) => {
      void tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      void tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      void tx.query('INSERT INTO note (id) VALUES ($1)', ['n2']);
      return Promise.resolve();
    });

    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect(await db.count('note')).toBe(0);
  });

  it('does not commit when the work swallowed the error of one of its statements', async () => {
    const failed = db.unitOfWork.run(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      await tx.query('SELECT 1/0').catch(() => undefined);
    });

    await expect(failed).rejects.toMatchObject({ code: '22012' });
    expect(await db.count('note')).toBe(0);
  });

  it('reports a constraint that is only checked at COMMIT, and publishes nothing', async () => {
    await db.database.query(
      'CREATE TABLE IF NOT EXISTS late (note_id text REFERENCES note DEFERRABLE INITIALLY DEFERRED)',
    );
    await db.database.query('GRANT INSERT ON late TO test_service');
    const before = db.committedRows.length;

    const failed = db.unitOfWork.run(async (tx) => {
      tx.publish(aMessage('e1'));
      await tx.query(`INSERT INTO late VALUES ('nobody')`);
    });

    await expect(failed).rejects.toMatchObject({ code: '23503' });
    expect([db.committedRows.length - before, await db.count('outbox')]).toEqual([0, 0]);
    await db.database.query('DROP TABLE late');
  });

  it('sends statements that are not awaited in one round trip', async () => {
    const proxy = await db.proxy();
    const far = await db.start({ url: proxy.through(db.url), poolSize: 1 });
    proxy.delayBy(100); // 200 ms for a round trip
    const since = Date.now();

    await far.unitOfWork.run(async (tx) => {
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          tx.query('INSERT INTO note (id) VALUES ($1)', [`n${n}`]),
        ),
      );
    });

    expect(Date.now() - since).toBeLessThan(20 * 200);
    expect(Date.now() - since).toBeGreaterThanOrEqual(2 * 200 - 5); // the statements, then COMMIT
    expect(await db.count('note')).toBe(20);
  });

  it('refuses a statement of work that goes on after its end', async () => {
    const goesOn = Promise.withResolvers<void>();
    let late: Promise<unknown> = Promise.resolve();

    await db.unitOfWork.run(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      late = goesOn.promise.then(() => tx.query('INSERT INTO note (id) VALUES ($1)', ['n2']));
    });
    goesOn.resolve();

    await expect(late).rejects.toThrow('after COMMIT');
    expect(await db.count('note')).toBe(1);
  });

  it('repeats the whole work after a deadlock, so that both sides finish', async () => {
    await addNote('a');
    await addNote('b');
    let attempts = 0;
    const bothHaveTheirFirst = Promise.withResolvers<void>();
    const bump = (first: string, second: string) =>
      db.unitOfWork.run(async (tx) => {
        await tx.query('UPDATE note SET n = n + 1 WHERE id = $1', [first]);
        if (++attempts === 2) bothHaveTheirFirst.resolve();
        await bothHaveTheirFirst.promise;
        await tx.query('UPDATE note SET n = n + 1 WHERE id = $1', [second]);
      });

    await Promise.all([bump('a', 'b'), bump('b', 'a')]);

    expect(attempts).toBe(3);
    expect(await db.database.query('SELECT n FROM note')).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('gives up after a few serialization faults', async () => {
    let attempts = 0;

    const failed = db.unitOfWork.run(async (tx) => {
      attempts++;
      await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
    });

    await expect(failed).rejects.toMatchObject({ code: '40001' });
    expect(attempts).toBe(5);
  });

  it('fails with an infrastructure fault when its backend is ended in the middle, and the pool goes on', async () => {
    const failed = db.unitOfWork.run(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await db.database.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      await tx.query('INSERT INTO note (id) VALUES ($1)', ['n2']);
    });

    expect(isInfrastructureFault(await failed.catch((error: unknown) => error))).toBe(true);
    expect(await db.count('note')).toBe(0);
    await Promise.all(Array.from({ length: 20 }, (_, n) => addNote(`after ${n}`)));
  });
});
