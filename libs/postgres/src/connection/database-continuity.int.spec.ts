import { withClient } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { CommitUnknownError } from './faults.js';
import { aMessage, givenDatabase, type TestProcess } from '../testkit/given-database.js';

describe('a database that goes back under a process', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());

  const name = () => new URL(db.url).pathname.slice(1);
  const admin = (...statements: readonly string[]) => {
    const url = new URL(db.url);
    url.pathname = '/postgres';
    return withClient(url.href, async (client) => {
      for (const statement of statements) await client.query(statement);
    });
  };
  /** Copies it as it is now. */
  const backUp = () =>
    admin(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name()}'`,
      `CREATE DATABASE ${name()}_copy TEMPLATE ${name()} OWNER test_owner`,
    );
  const restore = () =>
    admin(
      `DROP DATABASE ${name()} WITH (FORCE)`,
      `ALTER DATABASE ${name()}_copy RENAME TO ${name()}`,
    );
  const publish = (process: TestProcess, id: string) =>
    process.unitOfWork.run((tx) => Promise.resolve(tx.publish(aMessage(id))));

  it('is known before anything runs on it, and brought in order first; what was under way is unknown', async () => {
    const causes: string[] = [];
    const process = await db.start();
    process.database.continuity.listen({
      noticed: (cause) => causes.push(cause),
      settle: async (client) => {
        const { rows } = await client.query<{ n: string }>('SELECT count(*)::text AS n FROM note');
        causes.push(`it has ${rows[0]?.n} notes`);
      },
    });
    await eventually(() => backUp(), { withinMs: 20_000 });
    await process.database.query(`SELECT 'as before'`);
    expect(causes).toEqual([]);
    await process.database.query(`INSERT INTO note (id) VALUES ('lost')`);

    const underWay = process.unitOfWork.run(async (tx) => {
      await tx.query('SELECT 1');
      await restore();
      await eventually(() => process.database.query('SELECT 1'));
    });

    await expect(underWay).rejects.toThrow();
    expect(causes).toEqual([expect.stringContaining('is another one'), 'it has 0 notes']);
    await publish(process, 'after');
    expect(process.ids()).toEqual(['after']);
  });

  it('gives no connection out while it cannot be brought in order', async () => {
    const process = await db.start();
    let fails = true;
    process.database.continuity.listen({
      settle: () => (fails ? Promise.reject(new Error('not yet')) : Promise.resolve()),
    });

    await expect(process.database.wentBack('its rows say so')).rejects.toThrow('not yet');
    await expect(process.database.query('SELECT 1')).rejects.toThrow('not yet');
    fails = false;
    expect(await process.database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('does not prove a commit of before', async () => {
    const process = await db.start();
    const work = process.unitOfWork.run(async (tx) => {
      await tx.query('SELECT 1');
      process.database.continuity.broken('a test');
    });

    await expect(work).rejects.toBeInstanceOf(CommitUnknownError);
  });
});
