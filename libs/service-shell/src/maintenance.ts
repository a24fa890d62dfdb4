import {
  maintainPartitions,
  PLATFORM_RETENTION,
  purgeInbox,
  sweep,
  type Database,
  type RetentionRule,
} from '@sluice/postgres';
import type { Logger } from 'pino';

const EVERY_MS = 600_000;
const ROUNDS = 20;
/** Twice what a topic keeps by default: a claim must outlive every chance to read its message again. */
const INBOX_DAYS = 14;

export interface Kept {
  readonly database: Database;
  readonly logger: Logger;
  readonly retention: readonly RetentionRule[];
  readonly retentionDays: number;
}

/** Makes partitions ahead of their time and removes what is over, a little every ten minutes. Answers how to stop. */
export function startMaintenance(kept: Kept): () => void {
  const stopping = new AbortController();
  const timer = setInterval(() => {
    keep(kept, stopping.signal).catch((error: unknown) =>
      kept.logger.warn({ err: error }, 'tables not kept in order, will be tried again'),
    );
  }, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    stopping.abort();
  };
}

async function keep(
  { database, logger, retention, retentionDays }: Kept,
  signal: AbortSignal,
): Promise<void> {
  await maintainPartitions(database);
  for (let round = 0; round < ROUNDS; round++)
    if ((await purgeInbox(database, INBOX_DAYS)) === 0) break;
  if (database.clock.fault() !== null) return; // a clock that may have jumped tells nobody's age
  const swept = await sweep(database, [...retention, ...PLATFORM_RETENTION], {
    days: retentionDays,
    signal,
  });
  const gone = Object.entries(swept ?? {}).filter(([, rows]) => rows > 0);
  if (gone.length > 0)
    logger.info(
      { rows: Object.fromEntries(gone), retentionDays },
      'what ended long ago was removed',
    );
}
