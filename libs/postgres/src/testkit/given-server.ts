import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  isAlive,
  startGuard,
  startPostgres,
  until,
  withClient,
  tempFolder,
} from '@sluice/test-servers';

const LOGIN = 'service';

export async function givenServer() {
  const guard = startGuard();
  const folder = tempFolder(guard);
  const server = await startPostgres({
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'postgres.log'),
    port: await freePort(),
    password: 'test',
    guard,
    throwAway: true,
  });
  await withClient(server.adminUrl('postgres'), (client) => client.query(`CREATE ROLE ${LOGIN}`));
  return {
    url: server.adminUrl('postgres'),
    login: LOGIN,
    restart: () => server.process.restart(),
    /** Kills the postmaster like the OOM killer, and starts with crash recovery. */
    crash: async () => {
      const children = await childrenOf(server.adminUrl('postgres'));
      await server.process.kill('SIGKILL');
      await until('the end of its processes', () => areGone(children), 30_000); // beside them none starts
      await server.process.restart();
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function childrenOf(url: string): Promise<readonly number[]> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity'),
  );
  return rows.map(({ pid }) => pid);
}

function areGone(pids: readonly number[]): Promise<void> {
  return pids.some(isAlive) ? Promise.reject(new Error('some live on')) : Promise.resolve();
}
