import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { type Database, maintainPartitions, purgeInbox, sweep } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';

const INTERVAL_MS = 600_000;
const MAX_PURGES = 20;

interface MaintenanceOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly retentionDays: number;
}

/** Every 10 minutes: partitions ahead, and rows after retention, a bounded number per run. */
export function startMaintenance(options: MaintenanceOptions): BackgroundLoop {
  const loop = BackgroundLoop.every(
    INTERVAL_MS,
    'maintenance of the tables',
    options.logger,
    (signal) => maintain(options, signal),
  );
  loop.start();
  return loop;
}

async function maintain(
  { database, logger, retentionDays }: MaintenanceOptions,
  signal: AbortSignal,
): Promise<void> {
  await maintainPartitions(database);
  for (let purge = 0; purge < MAX_PURGES; purge++) if ((await purgeInbox(database)) === 0) break;
  // after a clock jump, rows could be removed prematurely
  if (database.clock.fault() !== null) return;
  const swept = await sweep(database, { days: retentionDays, signal });
  const removed = Object.entries(swept ?? {}).filter(([, rows]) => rows > 0);
  if (removed.length > 0)
    logger.info(
      { rows: Object.fromEntries(removed), retentionDays },
      'rows past their retention were removed',
    );
}

/** Provider whose loop runs from the start to the stop of the application. */
export abstract class LoopingService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  protected abstract readonly loop: BackgroundLoop;

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}
