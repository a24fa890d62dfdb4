import { join } from 'node:path';
import {
  freePort,
  standbyOf,
  takeBaseBackup,
  withClient,
  type PostgresServer,
} from '@sluice/test-servers';
import type { RunContext } from '../run/with-system.js';
import {
  comesTrue,
  confirmed,
  goesOn,
  killed,
  paidSoFar,
  underLoad,
  type Drill,
} from './drill-steps.js';

const PER_SECOND = 4;
const NAME = 'standby';

export const standby: Drill = {
  about:
    'PostgreSQL with a synchronous standby: the primary is killed, and the standby replaces the primary',
  system: () => ({ postgresSettings: { wal_keep_size: '1GB' } }),
  run: async (context) => {
    const { system, note } = context;
    await underLoad(context, PER_SECOND, async () => {
      await comesTrue(context, 'withdrawals are paid', async () => (await paidSoFar(context)) >= 5);
      const follower = await withStandby(context);
      await goesOn(context);
      const known = confirmed(context);
      await killed(system.postgres.process);
      note(`the primary is killed; ${known} withdrawals are confirmed to clients`);
      await comesTrue(context, 'the standby is promoted', () =>
        withClient(follower.adminUrl('postgres'), async (client) => {
          const { rows } = await client.query<{ done: boolean }>('SELECT pg_promote() AS done');
          return rows[0]?.done === true;
        }),
      );
      system.usePostgres(follower);
      note('the standby is promoted, and the address of the primary points to the standby');
      note(`${await goesOn(context)} more withdrawals are paid; no service was restarted`);
    });
  },
};

/**
 * Starts a standby with synchronous replication: a commit counts only after the standby has the
 * data on disk.
 */
async function withStandby(context: RunContext): Promise<PostgresServer> {
  const { system, folder, note } = context;
  const [primary, dataDir] = [system.postgres, join(folder, 'postgres-standby')];
  await takeBaseBackup(primary.adminUrl('postgres'), join(folder, 'postgres'), dataDir);
  const follower = await system.startPostgres({
    dataDir,
    port: await freePort(),
    name: 'postgres-standby',
    settings: standbyOf(
      { port: primary.port, password: system.site.secrets.postgres },
      dataDir,
      NAME,
    ),
  });
  await comesTrue(context, 'the standby is synchronous', () =>
    withClient(primary.adminUrl('postgres'), async (client) => {
      await client.query(`ALTER SYSTEM SET synchronous_standby_names = '${NAME}'`);
      await client.query('SELECT pg_reload_conf()');
      const { rows } = await client.query<{ sync_state: string }>(
        'SELECT sync_state FROM pg_stat_replication WHERE application_name = $1',
        [NAME],
      );
      return rows[0]?.sync_state === 'sync';
    }),
  );
  note('a standby follows the primary, and every commit waits for the disk of the standby');
  return follower;
}
