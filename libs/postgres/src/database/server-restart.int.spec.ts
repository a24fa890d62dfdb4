import { eventually } from '@sluice/test-kit';
import {
  TRANSACTION_REF_SQL,
  proveCommitted,
  type TransactionRef,
} from '../transactions/commit-proof.js';
import { Database } from './database.js';
import { CommitUnknownError, isInfrastructureFault } from '../connection/faults.js';
import { migrate } from '../schema/migrate.js';
import { PLATFORM_SCHEMA } from '../schema/schema.js';
import { aMessage, processOn } from '../testkit/given-database.js';
import { givenServer } from '../testkit/given-server.js';

describe('a PostgreSQL server that goes and comes back', () => {
  let server: Awaited<ReturnType<typeof givenServer>>;
  let database: Database;
  beforeAll(async () => {
    server = await givenServer();
    await migrate({ url: server.url, login: server.login, schema: PLATFORM_SCHEMA });
    database = await Database.open({ url: server.url, name: 'test', poolSize: 3 });
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  const lost = new Error('the answer was lost');
  const refOf = async (end: 'COMMIT' | 'ROLLBACK'): Promise<TransactionRef> =>
    database.withClient(async (client) => {
      await client.query('BEGIN');
      const { rows } = await client.query<TransactionRef>(TRANSACTION_REF_SQL);
      await client.query(end);
      return rows[0] as TransactionRef;
    });

  it('is found again by the pool and the listener, and what was committed before is still provable', async () => {
    const { unitOfWork } = processOn(database);
    const payloads: string[] = [];
    await database.listen('changes', (payload) => payloads.push(payload));
    const [committed, rolledBack] = [await refOf('COMMIT'), await refOf('ROLLBACK')];
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
    await eventually(() => expect(payloads).toEqual(['']));
    await database.query(`NOTIFY changes, 'again'`);
    await eventually(() => expect(payloads).toEqual(['', 'again']));
  });

  it('proves nothing after a crash, for the number of a lost transaction may be given out again', async () => {
    const committed = await refOf('COMMIT');

    await server.crash();

    await eventually(() => database.query('SELECT 1'));
    await expect(proveCommitted(database, committed, lost)).rejects.toBeInstanceOf(
      CommitUnknownError,
    );
  });
});
