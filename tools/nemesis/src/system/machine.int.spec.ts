import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  startGuard,
  startPostgres,
  withClient,
  newDataFolder,
  type PostgresServer,
} from '@sluice/test-servers';
import { MachineClock } from './machine.js';

const MINUTE = 60_000;

describe('the clock of the machine', () => {
  const folder = newDataFolder('sluice-machine-clock-');
  const clock = MachineClock.in(folder);
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({
      dataDir: join(folder, 'postgres'),
      port: await freePort(),
      password: 'p',
      logFile: join(folder, 'postgres.log'),
      guard: startGuard(),
      throwAway: true,
      ...(clock && { environment: clock.environment }),
    });
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** By how much each of the database's clocks is off. */
  const aheadMs = (): Promise<readonly number[]> =>
    withClient(server.adminUrl('postgres'), async (client) => {
      const { rows } = await client.query<{ clock: Date; now: Date; current: Date }>(
        'SELECT clock_timestamp() AS clock, now() AS now, CURRENT_TIMESTAMP AS current',
      );
      return rows.flatMap(({ clock: one, now, current }) =>
        [one, now, current].map((at) => at.getTime() - Date.now()),
      );
    });

  it.each([2 * MINUTE, -2 * MINUTE, 0])(
    'is off by %i ms in PostgreSQL at once',
    async (offsetMs) => {
      if (!clock)
        return console.warn('there is no C compiler: the clock of PostgreSQL stays right');
      clock.set(offsetMs);

      for (const ahead of await aheadMs()) expect(Math.abs(ahead - offsetMs)).toBeLessThan(5_000);
    },
  );
});
