import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { TcpProxy } from '@sluice/test-kit';
import {
  createTestLogins,
  freePort,
  standbyOf,
  startGuard,
  startPostgres,
  takeBaseBackup,
  TEST_OWNER,
  until,
  withClient,
  tempFolder,
  type PostgresServer,
} from '@sluice/test-servers';

const PASSWORD = 'test';

/** A primary behind an address that can be switched to the standby, without the later writes. */
export async function givenLaggingStandby() {
  const guard = startGuard();
  const folder = tempFolder(guard);
  const start = async (name: string, settings = {}): Promise<PostgresServer> =>
    startPostgres({
      name,
      dataDir: join(folder, name),
      logFile: join(folder, `${name}.log`),
      port: await freePort(),
      password: PASSWORD,
      guard,
      throwAway: true,
      settings,
    });
  const primary = await start('primary', { wal_keep_size: '256MB' });
  await createTestLogins(primary.adminUrl('postgres'), PASSWORD);
  await withClient(primary.adminUrl('postgres'), (client) =>
    client.query(`CREATE DATABASE connector OWNER ${TEST_OWNER}`),
  );
  const address = await TcpProxy.to(primary.port);
  const follow = () => {
    const settings = standbyOf(
      { port: primary.port, password: PASSWORD },
      join(folder, 'standby'),
      'standby',
    );
    return start('standby', settings);
  };
  let standby: PostgresServer | undefined;

  return {
    url: address.through(primary.adminUrl('connector')),
    /** Copies all earlier commits to the standby and stops the replication. */
    fallBehind: async () => {
      await takeBaseBackup(
        primary.adminUrl('postgres'),
        join(folder, 'primary'),
        join(folder, 'standby'),
      );
      const follower = await follow();
      await until('the standby has it all', () => hasAll(primary, follower), 20_000);
      await follower.stop();
    },
    /** The primary is killed, and the address leads to the promoted standby. */
    failOver: async () => {
      await primary.process.kill('SIGKILL');
      standby = await follow();
      await withClient(standby.adminUrl('postgres'), (client) =>
        client.query('SELECT pg_promote()'),
      );
      address.leadTo(standby.port);
    },
    stop: async () => {
      await address.close();
      await Promise.all([primary.stop(), standby?.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function hasAll(primary: PostgresServer, standby: PostgresServer): Promise<void> {
  const [{ lsn } = { lsn: '' }] = await rows<{ lsn: string }>(
    primary,
    'SELECT pg_current_wal_lsn()::text AS lsn',
  );
  const [{ has } = { has: false }] = await rows<{ has: boolean }>(
    standby,
    `SELECT pg_last_wal_replay_lsn() >= '${lsn}' AS has`,
  );
  if (!has) throw new Error(`the standby is not at ${lsn} yet`);
}

function rows<Row extends object>(server: PostgresServer, sql: string): Promise<Row[]> {
  return withClient(
    server.adminUrl('postgres'),
    async (client) => (await client.query<Row>(sql)).rows,
  );
}
