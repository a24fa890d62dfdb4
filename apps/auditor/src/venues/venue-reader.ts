import { LRUCache } from 'lru-cache';
import type { UnreadableRow } from '@sluice/connector-rules';
import type { Database } from '@sluice/postgres';
import { BackgroundLoop, type Logger, monotonicMs } from '@sluice/runtime';
import { restUntil } from '../writes/fact-writes.js';
import type { CoveredVenue } from './venue-table.js';
import { type BalanceReading, NEXT_READING, storeReading } from './store-reading.js';
import { readingWindows, readRecord, type RecordEnd } from './read-record.js';
import { StoredPayments } from './stored-payments.js';

const AGAIN_MS = 2_000;
/** A reading of the venue's clock becomes less exact with age. */
const CLOCK_FRESH_MS = 10_000;
const WARNINGS_KEPT = 1_000;

interface NextReading {
  readonly begun_at: Date;
  readonly balances_begun_at: string;
  readonly read_through: Date | null;
  readonly deep_is_due: boolean | null;
  readonly oldest_open: Date | null;
}

interface ReaderOptions {
  readonly venue: CoveredVenue;
  readonly database: Pick<Database, 'query' | 'withClient' | 'continuity'>;
  readonly logger: Logger;
  readonly everyMs: number;
  /** Called after each complete reading, with the number of listed payments. */
  readonly onRead: (listed: number) => void;
}

/**
 * Reads a venue's record to its end, in every instance: no lease can keep a reading from happening.
 */
export class VenueReader {
  readonly loop: BackgroundLoop;
  private isFirst = true;
  private readonly payments: StoredPayments;
  private readonly warned = new LRUCache<string, true>({ max: WARNINGS_KEPT });

  get venue(): string {
    return this.options.venue.venue;
  }

  constructor(private readonly options: ReaderOptions) {
    const { logger, venue, database } = options;
    this.payments = new StoredPayments(database);
    this.loop = new BackgroundLoop(`record of ${venue.venue}`, logger, () => this.step());
  }

  private async step(): Promise<number> {
    const { venue, logger, everyMs, onRead } = this.options;
    const { listed, fault } = await this.read();
    if (fault === null) {
      onRead(listed);
      return restUntil(everyMs);
    }
    logger.warn({ venue: venue.venue, cause: fault }, 'the record of the venue was not read');
    return AGAIN_MS;
  }

  private warnOnce({ field, value, draft }: UnreadableRow): void {
    const fields = { venueReference: draft?.venueReference ?? null, field, value };
    const content = JSON.stringify(fields);
    if (this.warned.has(content)) return;
    this.warned.set(content, true);
    const { venue, logger } = this.options;
    logger.warn({ venue: venue.venue, ...fields }, 'a row of the venue’s record cannot be read');
  }

  /** Returns the number of listed payments, and the reason why the record was not read to its end. */
  private async read(): Promise<RecordEnd> {
    const { venue, database, logger } = this.options;
    const { clock, record } = venue;
    const ageMs = clock.ageMs();
    if ((ageMs === null || ageMs > CLOCK_FRESH_MS) && !(await record.readClock()))
      return { listed: 0, fault: 'the clock of the venue could not be read' };
    const askedMs = monotonicMs();
    const [next] = await database.query<NextReading>(NEXT_READING, [venue.venue]);
    if (!next) throw new Error('the begin of a reading is missing');
    const { begun_at: begunAt, balances_begun_at: text } = next;
    const balances = await readBalances(venue, { at: begunAt, text, askedMs }, logger);
    const now = clock.latest();
    if (now === null) return { listed: 0, fault: 'the time of the venue is not known' };
    const isDeep = this.isFirst || next.deep_is_due === true;
    const windows = readingWindows({
      now,
      readThrough: next.read_through,
      oldestOpen: next.oldest_open,
      isDeep,
    });
    if (isDeep) this.payments.forget();
    const end = await readRecord(
      venue,
      windows,
      begunAt,
      (rows, seenAt) => this.payments.store(rows, seenAt),
      (row) => this.warnOnce(row),
    );
    if (end.fault !== null) return end;
    const from = windows[0]?.from ?? now;
    const reading = { venue: venue.venue, through: now, begunAt, isDeep, from, balances };
    await storeReading(database, reading);
    this.isFirst = false;
    return end;
  }
}

/** Begin of a reading: `at` and `text` by the database's clock, `askedMs` before the question. */
interface ReadingBegin {
  readonly at: Date;
  readonly text: string;
  readonly askedMs: number;
}

/** Reads the balances; null if the venue has none or did not answer. */
async function readBalances(
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
