import { eventually } from '@sluice/test-kit';
import { givenDatabase } from '../testkit/given-database.js';

describe('Database', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());

  it('hears notifications again after its connection was cut, and calls once for what it may have missed', async () => {
    const proxy = await db.proxy();
    const far = await db.start({ url: proxy.through(db.url) });
    const payloads: string[] = [];
    await far.database.listen('changes', (payload) => payloads.push(payload));
    await db.database.query(`NOTIFY changes, 'one'`);
    await eventually(() => expect(payloads).toEqual(['one']));

    proxy.refuse();
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // two attempts that fail
    proxy.admit();

    await eventually(() => expect(payloads).toEqual(['one', '']));
    await db.database.query(`NOTIFY changes, 'two'`);
    await eventually(() => expect(payloads).toEqual(['one', '', 'two']));
    expect(
      await db.database.query(
        `SELECT FROM pg_stat_activity WHERE application_name = 'test listen'`,
      ),
    ).toHaveLength(1);
  });

  it('listens to several channels on one connection, and each listener gets its channel', async () => {
    const { database } = await db.start({});
    const received: string[] = [];
    await Promise.all(
      ['one', 'two', 'two'].map((channel, index) =>
        database.listen(channel, (payload) => received.push(`${index} ${channel} ${payload}`)),
      ),
    );
    await database.listen('three', (payload) => received.push(`3 three ${payload}`));

    for (const channel of ['one', 'two', 'three', 'four'])
      await db.database.query(`SELECT pg_notify('${channel}', 'x')`);

    await eventually(() =>
      expect(received).toEqual(['0 one x', '1 two x', '2 two x', '3 three x']),
    );
  });

  it('knows the time of its server as soon as it is open, and while the server is away', async () => {
    const proxy = await db.proxy();
    const far = await db.start({ url: proxy.through(db.url) });

    proxy.refuse();
    const time = far.database.clock.now();

    const [row] = await db.database.query<{ apart: number }>(
      'SELECT abs(extract(epoch FROM clock_timestamp() - $1::timestamptz))::float8 AS apart',
      [time],
    );
    expect(row?.apart).toBeLessThan(2);
    expect(far.database.clock.fault()).toBe(null);
  });

  it('answers no statement for ever: a server that falls silent is an infrastructure fault', async () => {
    const proxy = await db.proxy();
    const far = await db.start({ url: proxy.through(db.url), statementTimeoutMs: 200 });
    const swallowed = proxy.once({ on: 'SELECT 42', cut: 'swallow' });

    await expect(far.database.query('SELECT 42')).rejects.toThrow('Query read timeout');

    await swallowed;
    expect(await far.database.query('SELECT 43 AS n')).toEqual([{ n: 43 }]);
  });
});
