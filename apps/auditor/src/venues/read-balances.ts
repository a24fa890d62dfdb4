import { monotonicMs, type Logger } from '@sluice/runtime';
import type { CoveredVenue } from './covered-venues.js';
import type { BalanceReading } from './store-reading.js';

/** Begin of a reading: `at` and `text` by the database's clock, `askedMs` before the question. */
interface ReadingBegin {
  readonly at: Date;
  readonly text: string;
  readonly askedMs: number;
}

/** Reads the balances; null if the venue has none or did not answer. */
export async function readBalances(
  { venue, record }: Pick<CoveredVenue, 'venue' | 'record'>,
  begin: ReadingBegin,
  logger: Pick<Logger, 'warn'>,
): Promise<BalanceReading | null> {
  const answer = await record.adapter.balances?.();
  if (answer === undefined) return null;
  if (answer.kind === 'unavailable') {
    logger.warn({ venue, cause: answer.cause }, 'the balances at the venue could not be read');
    return null;
  }
  // the time since the question is longer than the time since its answer, and so never too early
  const tookMs = Math.ceil(monotonicMs() - begin.askedMs) + 1;
  return {
    begunAt: begin.text,
    readAt: new Date(begin.at.getTime() + tookMs),
    rows: answer.balances.map(({ currency, total }) => ({ currency, total: total.toString() })),
  };
}
