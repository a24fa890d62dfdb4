import { type Logger, setting } from '@sluice/runtime';
import { untilReachable, type Tx } from '@sluice/postgres';
import { openHalts } from './open-halts.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Settings of every service with halts. */
export const HALT_SETTINGS = {
  /** Name (UUID) of a halt of all work, opened at start; default: null, no halt. */
  startHalted: setting<string | null>('START_HALTED', uuid, null),
} as const;

/**
 * Opens the halt named by START_HALTED. The caller must await the result before receiving or
 * sending any work. After the halt was lifted, a start with the same name opens no halt.
 */
export async function haltAtStart(
  database: Pick<Tx, 'query'>,
  { startHalted: name }: { readonly startHalted: string | null },
  logger: Logger,
): Promise<void> {
  if (name === null) return;
  const details = 'started with START_HALTED: nothing is sent until two people lift the halt';
  const halt = { scope: 'all', reason: 'started_halted', subject: name, details } as const;
  const opened = await untilReachable(
    () => openHalts(database, [halt], 'START_HALTED'),
    (error) => logger.warn({ err: error }, 'the halt at start waits for the database'),
  );
  if (opened.length > 0) logger.warn({ name }, 'all new withdrawals are halted since this start');
}

function uuid(text: string): string {
  if (!UUID.test(text)) throw new Error('must be a UUID in lower case, as uuidgen makes it');
  return text;
}
