import { eventually } from '@sluice/testing';
import { COMMIT_MARK, proveCommitted, type CommitMark } from './commit-proof.js';
import { Database } from './database.js';
import { CommitUnknownError, isInfrastructureFault } from './faults.js';
import { PLATFORM_MIGRATIONS } from './platform-migrations.js';
import { aMessage, processOn } from './testkit/given-database.js';
import { givenServer } from './testkit/given-server.js';

describe('a PostgreSQL server that goes and comes back', () => {
  let server: Awaited<ReturnType<typeof givenServer>>;
  let database: Database;
  beforeAll(async () => {
    server = await givenServer();
    database = await Database.open({
      url: server.url,
      name: 'test',
      migrations: PLATFORM_MIGRATIONS,
      poolSize: 3,
    });
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  const lost = new Error('the answer was lost');
  const markOf = async (end: 'COMMIT' | 'ROLLBACK'): Promise<CommitMark> =>
    database.withClient(async (client) => {
      await client.query('BEGIN');
      const { rows } = await client.query<CommitMark>(COMMIT_MARK);
      await client.query(end);
      return rows[0] as CommitMark;
    });

  it('is found again by the pool and the listener, and what was committed before is still provable', async () => {
    const { unitOfWork } = processOn(database);
    const heard: string[] = [];
    await database.listen('news', (payload) => heard.push(payload));
    const [committed, rolledBack] = [await markOf('COMMIT'), await markOf('ROLLBACK')];
    const caught = unitOfWork.run(async (tx) => {
      tx.publish(aMessage('m'));
      await tx.query('SELECT pg_sleep(20)');
    });

    const [error] = await Promise.all([
      caught.catch((reason: unknown) => reason),
      server.restart(),
    ]);

    expect(isInfrastructureFault(error)).toBe(true);
    await proveCommitted(database, committed, lost);
    await expect(proveCommitted(database, rolledBack, lost)).rejects.toBe(lost);
    await eventually(() => expect(heard).toEqual(['']));
    await database.query(`NOTIFY news, 'again'`);
    await eventually(() => expect(heard).toEqual(['', 'again']));
  });

  it('proves nothing after a crash, for the number of a lost transaction may be given out again', async () => {
    const committed = await markOf('COMMIT');

    await server.crash();

    await eventually(() => database.query('SELECT 1'));
    await expect(proveCommitted(database, committed, lost)).rejects.toBeInstanceOf(
      CommitUnknownError,
    );
  });
});
