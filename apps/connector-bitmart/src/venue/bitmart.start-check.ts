import type { Logger } from '@sluice/connector-runtime';
import { describe } from './bitmart.answers.js';
import { dataOf, type BitmartClient } from './bitmart.client.js';

const LARGEST_OFFSET_MS = 30_000;
const MINUTE_MS = 60_000;

/** Announced by BitMart in July 2026. */
const TRADING_ENDED = '2026-08-26T01:00:00Z';
const OPERATIONS_CEASE = '2027-01-31T15:59:00Z';

/** Said at every start: whoever runs this must know that its venue goes away. */
export function announceClosing(logger: Logger, refuseFrom: Date): void {
  const fields = { tradingEnded: TRADING_ENDED, operationsCease: OPERATIONS_CEASE, refuseFrom: refuseFrom.toISOString() };
  if (Date.now() >= refuseFrom.getTime()) logger.error(fields, 'BitMart is winding down: its date has come, every withdrawal is refused');
  else logger.warn(fields, 'BitMart is winding down: withdrawals are refused from the date in refuseFrom on');
}

/**
 * Whether this key can find again what it pays. Also reads the venue's clock; signatures are corrected by the difference, a
 * large one is reported. Answers what is wrong, or null. A wrong memo or secret does not show here: a read needs the key alone.
 */
export async function bitmartStartFault(client: BitmartClient, logger: Logger): Promise<string | null> {
  const offsetMs = await client.readClock();
  if (offsetMs === null) return 'the clock of BitMart cannot be read';
  if (Math.abs(offsetMs) > LARGEST_OFFSET_MS)
    logger.error({ offsetMs }, 'our clock and the clock of BitMart are far apart: signatures are corrected, a person must look');
  const answer = await client.history(new Date(Date.now() - MINUTE_MS), new Date(), 1);
  if (Array.isArray(dataOf(answer)?.['records'])) return null;
  return `the withdrawal records cannot be read (${describe(answer)}): without them no outcome can be found again`;
}
