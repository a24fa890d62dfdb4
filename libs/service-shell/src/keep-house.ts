import { purgeInbox, type Database } from '@sluice/postgres';
import type { Logger } from 'pino';

const EVERY_MS = 600_000;
const ROUNDS = 20;
/** Twice what a topic keeps by default: a claim must outlive every chance to read its message again. */
const INBOX_DAYS = 14;
const DAY_MS = 86_400_000;

/** Forgets old inbox claims, a little every ten minutes, so that the table ends growing. Answers how to stop. */
export function keepHouse(database: Database, consumer: string, logger: Logger): () => void {
  const timer = setInterval(() => {
    purge(database, consumer).catch((error: unknown) => logger.warn({ err: error }, 'inbox not purged, will be tried again'));
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function purge(database: Database, consumer: string): Promise<void> {
  const before = new Date(Date.now() - INBOX_DAYS * DAY_MS);
  for (let round = 0; round < ROUNDS; round++) if ((await purgeInbox(database, consumer, before)) === 0) return;
}
