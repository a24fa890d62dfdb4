import { CommitUnknownError, isInfrastructureFault } from '../connection/faults.js';
import { aMessage, givenDatabase } from '../testkit/given-database.js';

const COMMIT = 'COMMIT\0';

describe('a COMMIT whose answer is lost', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());
  beforeEach(() => db.database.query('TRUNCATE inbox, outbox, note'));

  async function givenFarProcess(options: { statementTimeoutMs?: number } = {}) {
    const proxy = await db.proxy();
    const far = await db.start({ url: proxy.through(db.url), ...options });
    const note = (id: string, withdrawalId = id) =>
      far.unitOfWork.run(async (tx) => {
        await tx.query('INSERT INTO note (id) VALUES ($1)', [id]);
        tx.publish(aMessage(id, withdrawalId));
      });
    return { proxy, far, note };
  }

  it('is a failure with nothing left behind when it never reached the server', async () => {
    const { proxy, far, note } = await givenFarProcess();
    const cut = proxy.once({ on: COMMIT, cut: 'before' });

    const error = await note('n1').catch((reason: unknown) => reason);

    await cut;
    expect(isInfrastructureFault(error)).toBe(true);
    expect(error).not.toBeInstanceOf(CommitUnknownError);
    expect([await db.count('note'), await db.count('outbox'), far.committedRows.length]).toEqual([
      0, 0, 0,
    ]);
  });

  it('is a success, published once, when the server had committed', async () => {
    const { proxy, far, note } = await givenFarProcess();
    const cut = proxy.once({ on: COMMIT, cut: 'after', answer: COMMIT });

    await note('n1');

    await cut;
    expect([await db.count('note'), await db.count('outbox')]).toEqual([1, 1]);
    expect(far.ids()).toEqual(['n1']);
  });

  it('is a success, published once, also when the answers to the statements before are lost with it', async () => {
    const { proxy, far } = await givenFarProcess({ statementTimeoutMs: 300 });
    const swallowed = proxy.once({ on: COMMIT, cut: 'swallow' });

    await far.unitOfWork.run(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      void tx.query('INSERT INTO note (id) VALUES ($1)', ['n2']);
      tx.publish(aMessage('n1'));
    });

    await swallowed;
    const stored = await db.database.query<{ id: string }>('SELECT id::text FROM outbox');
    expect([await db.count('note'), stored.length]).toEqual([2, 1]);
    expect(far.committedRows).toMatchObject([{ id: stored[0]?.id, isOwned: true }]);
  });

  it('is a failure when a statement sent with it fails', async () => {
    const { far } = await givenFarProcess();

    const failed = far.unitOfWork.run(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      void tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      tx.publish(aMessage('n1'));
    });

    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect([await db.count('note'), await db.count('outbox'), far.committedRows.length]).toEqual([
      0, 0, 0,
    ]);
  });

  it('is not sent when the driver itself refuses a statement', async () => {
    const { far } = await givenFarProcess();
    const endless: unknown[] = [];
    endless.push({ endless });

    const failed = far.unitOfWork.run(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES ($1)', ['n1']);
      void tx.query('INSERT INTO note (id) SELECT $1::jsonb ->> 0', [{ endless }]);
    });

    await expect(failed).rejects.toThrow('circular');
    expect(await db.count('note')).toBe(0);
  });

  it('is noticed also when the connection stays open and silent', async () => {
    const { proxy, far, note } = await givenFarProcess({ statementTimeoutMs: 300 });
    const swallowed = proxy.once({ on: COMMIT, cut: 'swallow' });

    await note('n1');

    await swallowed;
    expect(await db.count('note')).toBe(1);
    expect(far.ids()).toEqual(['n1']);
  });

  it('keeps back the next row of the same withdrawal until it is proven', async () => {
    const { proxy, far, note } = await givenFarProcess({ statementTimeoutMs: 300 });
    const swallowed = proxy.once({ on: COMMIT, cut: 'swallow' });

    const first = note('first', 'w1');
    await swallowed;
    await Promise.all([note('second', 'w1'), note('other', 'w2')]);
    expect(far.ids()).toEqual(['other']);
    await first;

    expect(far.ids()).toEqual(['other', 'first', 'second']);
  });
});
