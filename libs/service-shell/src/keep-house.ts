import { keepParts, purgeInbox, type Database } from '@sluice/postgres';
import type { Logger } from 'pino';

const EVERY_MS = 600_000;
const ROUNDS = 20;
/** Twice what a topic keeps by default: a claim must outlive every chance to read its message again. */
const INBOX_DAYS = 14;
const DAY_MS = 86_400_000;

/** Makes parts ahead of their time, drops what is over and forgets old claims, a little every ten minutes. Answers how to stop. */
export function keepHouse(database: Database, logger: Logger): () => void {
  const timer = setInterval(() => {
    keep(database).catch((error: unknown) => logger.warn({ err: error }, 'tables not kept in order, will be tried again'));
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function keep(database: Database): Promise<void> {
  await keepParts(database);
  const before = new Date(Date.now() - INBOX_DAYS * DAY_MS);
  for (let round = 0; round < ROUNDS; round++) if ((await purgeInbox(database, before)) === 0) return;
}
