import { isInfrastructureFault } from '../connection/faults.js';
import { entityColumns } from '../checks/entity-columns.js';
import { aMessage, givenDatabase } from '../testkit/given-database.js';
import { NoteEntity } from '../testkit/note.entity.js';

describe('a repository', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());
  beforeEach(() => db.database.query('TRUNCATE inbox, outbox, note'));

  const notes = () =>
    db.database
      .repository(NoteEntity)
      .find({ select: { id: true, n: true }, order: { id: 'ASC' } });

  it('writes and reads rows outside of a unit of work, with what the database fills in', async () => {
    const repository = db.database.repository(NoteEntity);
    await repository.insert([{ id: 'a' }, { id: 'b', n: 2 }]);
    expect((await repository.update({ id: 'a' }, { n: 1 })).affected).toBe(1);
    await repository.upsert([{ id: 'b', n: 3 }], ['id']);

    expect(await notes()).toEqual([
      { id: 'a', n: 1 },
      { id: 'b', n: 3 },
    ]);
    expect((await repository.delete({ id: 'a' })).affected).toBe(1);
    expect([
      await repository.exists({ where: { id: 'a' } }),
      await repository.findOne({ where: { id: 'b' } }),
    ]).toEqual([false, { id: 'b', n: 3 }]);
  });

  it('commits its row together with a message and a statement of the unit of work', async () => {
    await db.unitOfWork.run(async (tx) => {
      void tx.query('INSERT INTO note (id) VALUES ($1)', ['by SQL']);
      await tx.repository(NoteEntity).insert({ id: 'by repository' });
      tx.publish(aMessage('e1'));
      expect(await tx.repository(NoteEntity).find()).toHaveLength(2);
      expect(await notes()).toEqual([]); // nobody else sees them before COMMIT
    });

    expect((await notes()).map(({ id }) => id)).toEqual(['by SQL', 'by repository'].sort());
    expect(await db.count('outbox')).toBe(1);
  });

  it('rolls its row back with everything else, and the connection is fit for the next', async () => {
    const failed = db.unitOfWork.run(async (tx) => {
      await tx.repository(NoteEntity).insert({ id: 'a' });
      tx.publish(aMessage('e1'));
      throw new Error('changed its mind');
    });

    await expect(failed).rejects.toThrow('changed its mind');
    expect([await db.count('note'), await db.count('outbox')]).toEqual([0, 0]);
    await db.unitOfWork.run((tx) => tx.repository(NoteEntity).insert({ id: 'next' }));
    expect(await db.count('note')).toBe(1);
  });

  it('fails the unit of work with the error of an operation that nobody awaited', async () => {
    const failed = db.unitOfWork.run((tx) => {
      void tx.repository(NoteEntity).insert([{ id: 'a' }, { id: 'a' }]);
      tx.publish(aMessage('e1'));
      return Promise.resolve();
    });

    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect([await db.count('note'), await db.count('outbox')]).toEqual([0, 0]);
  });

  it('commits an operation that nobody awaited', async () => {
    await db.unitOfWork.run((tx) => {
      void tx.repository(NoteEntity).insert({ id: 'a' });
      return Promise.resolve();
    });
    expect(await notes()).toEqual([{ id: 'a', n: 0 }]);
  });

  it('does not hide the error of a statement behind the refusal of what came after', async () => {
    const failed = db.unitOfWork.run((tx) => {
      void tx.repository(NoteEntity).insert({ id: 'a' });
      void tx.query('SELECT 1/0'); // sent first
      return Promise.resolve();
    });
    await expect(failed).rejects.toMatchObject({ code: '22012' });
  });

  it('locks the rows that it is told to, until the unit of work ends', async () => {
    await db.database.repository(NoteEntity).insert({ id: 'a' });
    const bump = () =>
      db.unitOfWork.run(async (tx) => {
        const repository = tx.repository(NoteEntity);
        const note = await repository.findOne({
          where: { id: 'a' },
          lock: { mode: 'pessimistic_write' },
        });
        await tx.query('SELECT pg_sleep(0.02)');
        await repository.update({ id: 'a' }, { n: (note?.n ?? 0) + 1 });
      });

    await Promise.all(Array.from({ length: 5 }, bump));

    expect(await notes()).toEqual([{ id: 'a', n: 5 }]);
  });

  it('repeats the work after a serialization fault of its operation', async () => {
    await db.database.query(`
      CREATE FUNCTION refuse_once() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.n = 0 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER refuse_once BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION refuse_once()`);
    let attempts = 0;
    await db.unitOfWork.run((tx) => tx.repository(NoteEntity).insert({ id: 'a', n: attempts++ }));
    await db.database.query('DROP TRIGGER refuse_once ON note; DROP FUNCTION refuse_once');

    expect([attempts, await notes()]).toEqual([2, [{ id: 'a', n: 1 }]]);
  });

  it('fails with an infrastructure fault when its backend is ended, and the pool goes on', async () => {
    const failed = db.unitOfWork.run(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await db.database.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      await tx.repository(NoteEntity).insert({ id: 'a' });
    });

    expect(isInfrastructureFault(await failed.catch((error: unknown) => error))).toBe(true);
    for (let n = 0; n < 20; n++) await db.database.repository(NoteEntity).insert({ id: `n${n}` });
    expect(await db.count('note')).toBe(20);
  });

  it('can be compared with its table, column by column', async () => {
    expect(await entityColumns(db.database)).toEqual({
      mapped: ['note.id text key', 'note.n integer'],
      stored: ['note.id text key', 'note.n integer'],
    });
  });
});
