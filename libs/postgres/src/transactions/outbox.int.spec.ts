import { eventually } from '@sluice/test-kit';
import type { OutboxRow } from './commit-order-queue.js';
import { packMessages } from './outbox.js';
import { aMessage, givenDatabase, type TestProcess } from '../testkit/given-database.js';

function idsOf(rows: readonly OutboxRow[]): string[] {
  return rows.flatMap((row) => row.messages.map((message) => message.headers['ce_id'] ?? ''));
}

describe('Outbox', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  let other: TestProcess;
  beforeAll(async () => {
    db = await givenDatabase();
    other = await db.start();
    await db.database.query(`INSERT INTO note (id) VALUES ('w1'), ('w2')`);
  });
  afterAll(() => db.stop());
  beforeEach(async () => {
    await db.database.query('TRUNCATE outbox');
    db.committedRows.length = other.committedRows.length = 0;
  });

  /** Publishes under the lock of the withdrawal, as every service does. */
  const publish = (process: TestProcess, id: string, withdrawalId = 'w1') =>
    process.unitOfWork.run(async (tx) => {
      await tx.query('SELECT FROM note WHERE id = $1 FOR UPDATE', [withdrawalId]);
      tx.publish(aMessage(id, withdrawalId));
    });
  const removeFirst = async (process: TestProcess) =>
    process.outbox.remove(process.committedRows.splice(0, 1).map(({ id }) => id));
  /** As if these rows' publishers had not touched them for a minute. */
  const age = () =>
    db.database.query(`UPDATE outbox SET touched_at = clock_timestamp() - interval '1 minute'`);

  it('hands over a transaction that took a lower id and committed later: there is no cursor to be behind', async () => {
    const [begun, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = db.unitOfWork.run(async (tx) => {
      tx.publish(aMessage('slow', 'w2'));
      await tx.query('SELECT pg_current_xact_id()');
      await db.database.query(`SELECT nextval(pg_get_serial_sequence('outbox', 'id'))`);
      begun.resolve();
      await mayCommit.promise;
    });
    await begun.promise;
    await publish(db, 'fast');
    mayCommit.resolve();
    await slow;

    expect(db.ids()).toEqual(['fast', 'slow']);
  });

  it('lets a sweep find a row that became visible after later ones were published', async () => {
    await other.database.withClient(async (client) => {
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO outbox (publisher, keys, messages) VALUES (gen_random_uuid(), '{w2}', $1)`,
        [packMessages([aMessage('late', 'w2')])],
      );
      await publish(db, 'early');
      await removeFirst(db);
      expect(await db.outbox.adopt()).toEqual([]);
      await client.query('COMMIT');
    });
    await age();

    expect(idsOf(await db.outbox.adopt())).toEqual(['late']);
  });

  it("keeps the order of one withdrawal over two processes: the later row waits for the earlier one's publisher", async () => {
    await publish(other, 'first');
    await publish(db, 'second');
    await publish(db, 'third');
    await publish(db, 'unrelated', 'w2');

    expect(db.committedRows.map(({ isOwned }) => isOwned)).toEqual([false, false, true]);
    expect(await db.outbox.adopt()).toEqual([]);
    await removeFirst(other);

    expect(idsOf(await db.outbox.adopt())).toEqual(['second', 'third']);
  });

  it('says while a row waits for another process, so that the next look comes soon', async () => {
    await publish(other, 'first');
    await publish(db, 'second');

    await db.outbox.adopt();
    expect(db.outbox.isBehindOthers).toBe(true);
    await removeFirst(other);
    await db.outbox.adopt();
    expect(db.outbox.isBehindOthers).toBe(false);
  });

  describe('what is published', () => {
    const stored = async () =>
      (await db.database.query<{ id: string }>('SELECT id FROM outbox ORDER BY id')).map(
        ({ id }) => id,
      );
    const publishedIds = () => db.committedRows.map(({ id }) => id);

    it('goes with the next transaction that publishes', async () => {
      await publish(db, 'first');
      db.outbox.published(publishedIds());
      expect(await stored()).toHaveLength(1);

      await publish(db, 'second');

      expect(await stored()).toEqual(publishedIds().slice(1));
    });

    it('stays for a second while the process publishes alone, and shortly as soon as another one publishes', async () => {
      const alone = await db.start();
      await publish(alone, 'first');
      expect(alone.outbox.publishedStayMs).toBe(1_000);

      await publish(other, 'of another', 'w2');
      await publish(alone, 'second');

      expect(alone.outbox.publishedStayMs).toBe(25);
    });

    it('is not forgotten when that transaction fails, at whichever statement', async () => {
      await publish(db, 'first');
      db.outbox.published(publishedIds());
      const failing = (sql: string) =>
        db.unitOfWork.run(async (tx) => {
          tx.publish(aMessage('second', 'w1'));
          await tx.query('SELECT 1');
          void tx.query(sql).catch(() => undefined);
        });
      await expect(failing('SELECT 1/0')).rejects.toThrow('division by zero');
      expect(await stored()).toEqual(publishedIds());

      await db.outbox.removePublished();

      expect(await stored()).toEqual([]);
    });
  });

  it('adopts a row that it has published and removed, and that is there again with an earlier state of the database', async () => {
    await publish(db, 'published');
    const [row] = await db.database.query<{ publisher: string; messages: Buffer }>(
      'SELECT publisher, messages FROM outbox',
    );
    const [{ id } = { id: '' }] = db.committedRows.splice(0);
    db.outbox.published([id]);
    await db.outbox.removePublished();
    await db.database.query(
      `INSERT INTO outbox (id, publisher, keys, messages, touched_at) OVERRIDING SYSTEM VALUE
       VALUES ($1, $2, '{w1}', $3, clock_timestamp() - interval '3 seconds')`,
      [id, row?.publisher, row?.messages],
    );
    await publish(db, 'later', 'w2');

    expect(idsOf(await db.outbox.adopt())).toEqual(['published']);
    expect(await db.outbox.adopt()).toEqual([]);
  });

  it("adopts a dead publisher's rows before those that wait behind them", async () => {
    await publish(other, 'first');
    await publish(db, 'second');
    await age();

    expect(idsOf(await db.outbox.adopt())).toEqual(['first', 'second']);
    expect(await db.outbox.adopt()).toEqual([]);
  });

  it('adopts nothing from a publisher that lives, however long its rows have to wait', async () => {
    await publish(other, 'first');
    await age();

    await other.outbox.adopt(); // its regular sweep
    expect(await db.outbox.adopt()).toEqual([]);
  });

  it('gives each row to one of several sweeps at the same time', async () => {
    const third = await db.start();
    for (let n = 0; n < 30; n++) await publish(other, `m${n}`, n % 2 === 0 ? 'w1' : 'w2');
    await age();

    const adopted = await Promise.all([
      db.outbox.adopt(),
      third.outbox.adopt(),
      db.outbox.adopt(),
      third.outbox.adopt(),
    ]);

    expect(idsOf(adopted.flat()).sort()).toEqual(
      Array.from({ length: 30 }, (_, n) => `m${n}`).sort(),
    );
  });

  it('has a row adopted whose commit could not be proven, before later rows of its withdrawal', async () => {
    const { CommitUnknownError } = await import('../connection/faults.js');
    await publish(db, 'unproven');
    const [unproven] = db.committedRows.splice(0);
    if (!unproven) throw new Error('the row was not handed over');
    db.outbox.notCommitted(
      { messages: unproven.messages, deletes: [], answer: Promise.resolve(unproven) },
      new CommitUnknownError('nobody knows'),
    );
    await publish(db, 'later');
    expect(db.committedRows.map(({ isOwned }) => isOwned)).toEqual([false]);

    await age();

    expect(idsOf(await db.outbox.adopt())).toEqual(['unproven', 'later']);
  });

  it('measures how long the oldest row has waited', async () => {
    expect(await db.outbox.lagMs()).toBe(0);
    await publish(db, 'm');
    await eventually(async () => expect(await db.outbox.lagMs()).toBeGreaterThan(10));
  });
});
