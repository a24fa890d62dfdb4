import { randomUUIDv7 } from 'node:crypto';
import { maintainPartitions } from './sweep.js';
import { aMessage, givenDatabase } from '../testkit/given-database.js';

const DAY_MS = 86_400_000;

describe('tables in partitions by time', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());

  const claim = (ids: readonly string[]) =>
    db.unitOfWork.run(async (tx) =>
      (await tx.claimInbox(ids.map((id) => ({ id })))).map(({ id }) => id),
    );
  const partitionOf = async (table: 'inbox' | 'outbox', days: number) =>
    `${table}_${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const partitions = async (table: 'inbox' | 'outbox') =>
    (
      await db.database.query<{ name: string }>(
        'SELECT name FROM table_partition WHERE parent = $1 ORDER BY name',
        [table],
      )
    ).map(({ name }) => name);
  /** A UUIDv7 of a moment some days from now. */
  const idIn = (days: number, n = 0) => {
    const hex = (Date.now() + days * DAY_MS).toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`;
  };
  const lies = async (id: string) =>
    (
      await db.database.query<{ partition: string }>(
        'SELECT tableoid::regclass::text AS partition FROM inbox WHERE message_id = $1',
        [id],
      )
    )[0]?.partition;

  it('are there for the days to come, and are made again when they are missing', async () => {
    const tomorrow = await partitionOf('inbox', 1);
    expect(await partitions('inbox')).toEqual(
      expect.arrayContaining([
        await partitionOf('inbox', 0),
        tomorrow,
        await partitionOf('inbox', 2),
      ]),
    );
    await db.database.query(`DROP TABLE ${tomorrow}`);

    expect((await maintainPartitions(db.database)).made).toEqual([tomorrow]);
    expect((await maintainPartitions(db.database)).made).toEqual([]);
  });

  it('are made once by several processes at the same moment, and by none of a process that died while it did', async () => {
    const dying = await db.start();
    const [soon, later] = [await partitionOf('inbox', 1), await partitionOf('inbox', 2)];
    await db.database.query(`DROP TABLE ${soon}, ${later}`);
    await dying.database
      .withClient(async (client) => {
        await client.query('BEGIN');
        await client.query('SELECT create_partitions_ahead()');
        await client.query('SELECT pg_terminate_backend(pg_backend_pid())');
      })
      .catch(() => undefined);

    const made = await Promise.all(
      Array.from({ length: 5 }, () => maintainPartitions(db.database)),
    );

    expect(made.flatMap((kept) => kept.made)).toEqual([soon, later]);
  });

  it('keep nobody from writing while one is made', async () => {
    await db.database.query(`DROP TABLE ${await partitionOf('inbox', 2)}`);
    await db.database.withClient(async (client) => {
      await client.query('BEGIN');
      await client.query(`INSERT INTO inbox (consumer, message_id) VALUES ('tester', $1)`, [
        randomUUIDv7(),
      ]);

      expect((await maintainPartitions(db.database)).made).toHaveLength(1);

      await client.query('ROLLBACK');
    });
  });

  it('have each claim where its id belongs, on both sides of midnight, and still once', async () => {
    const ids = [idIn(0), idIn(1), idIn(2), 'no uuid'];

    expect(await claim(ids)).toEqual(ids);
    expect(await claim([...ids].reverse())).toEqual([]);
    expect(await Promise.all(ids.map(lies))).toEqual([
      await partitionOf('inbox', 0),
      await partitionOf('inbox', 1),
      await partitionOf('inbox', 2),
      'inbox_default',
    ]);
  });

  it('leave rows of a time without a partition where they are, and miss no claim of them', async () => {
    const [id, far] = [idIn(40), await partitionOf('inbox', 40)];
    await claim([id]);
    const until = new Date(Date.now() + 40 * DAY_MS);

    const [row] = await db.database.query<{ made: string[] }>(
      `SELECT create_partitions('inbox', $1, $1) AS made`,
      [until],
    );

    expect(row?.made).toEqual([]);
    expect([await lies(id), await claim([id])]).toEqual(['inbox_default', []]);
    expect(await partitions('inbox')).not.toContain(far);
  });

  it('forget a whole day of claims at once when its time is over', async () => {
    const [past, id] = [new Date(Date.now() - 16 * DAY_MS), idIn(-16)];
    await db.database.query(`SELECT create_partitions('inbox', $1, $1)`, [past]);
    await claim([id]);

    const { dropped } = await maintainPartitions(db.database);

    expect(dropped).toEqual([await partitionOf('inbox', -16)]);
    expect(await claim([id])).toEqual([id]);
  });

  it('drop an old partition of the outbox only when nothing of it waits, and never under a row that is still to be committed', async () => {
    const [past, partition] = [new Date(Date.now() - 2 * DAY_MS), await partitionOf('outbox', -2)];
    await db.database.query(`SELECT create_partitions('outbox', $1, $1)`, [past]);
    const insert = `INSERT INTO outbox (keys, messages, created_at) VALUES ('{}', '', $1) RETURNING id::text`;
    await db.database.withClient(async (client) => {
      await client.query('BEGIN');
      const { rows } = await client.query<{ id: string }>(insert, [past]);
      const keeping = maintainPartitions(db.database);
      await client.query('COMMIT');

      expect((await keeping).dropped).toEqual([]);

      await db.outbox.remove(rows.map(({ id }) => id));
    });

    expect((await maintainPartitions(db.database)).dropped).toEqual([partition]);
  });

  it('hand over and remove what was stored in whichever partition', async () => {
    await db.unitOfWork.run(async (tx) => tx.publish(aMessage('today')));
    await db.database.query(`UPDATE outbox SET created_at = created_at + interval '1 day'`);

    await db.outbox.remove(db.committedRows.map(({ id }) => id));

    expect(await db.count('outbox')).toBe(0);
  });
});
