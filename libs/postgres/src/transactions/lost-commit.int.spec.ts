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
