import type { Database } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { readBalances, storeReading } from './read-balances.js';
import type { CoveredVenue } from './covered-venues.js';
import { NEXT_READING, READ_THROUGH } from './payment-sql.js';
import { readRecord } from './read-record.js';
import { readingWindows } from './reading-windows.js';

const AGAIN_MS = 2_000;
/** A reading of the venue's clock becomes less exact with age. */
const CLOCK_FRESH_MS = 10_000;

interface NextReading {
  readonly begun_at: Date;
  readonly read_through: Date | null;
  readonly deep_is_due: boolean | null;
  readonly oldest_open: Date | null;
}

interface ReaderOptions {
  readonly venue: CoveredVenue;
  readonly database: Pick<Database, 'query'>;
  readonly logger: Logger;
  readonly everyMs: number;
  /** Called after each complete reading. */
  readonly onRead: () => void;
}

/**
 * Reads the record of a venue to its end. Every instance reads for itself: no lease of another
 * process can keep a reading from happening.
 */
export class VenueReader {
  readonly loop: BackgroundLoop;
  private isFirst = true;

  get venue(): string {
    return this.options.venue.venue;
  }

  constructor(private readonly options: ReaderOptions) {
    const { logger, venue } = options;
    this.loop = new BackgroundLoop(`record of ${venue.venue}`, logger, () => this.step());
  }

  private async step(): Promise<number> {
    const { venue, logger, everyMs, onRead } = this.options;
    const fault = await this.read();
    if (fault === null) {
      onRead();
      return everyMs;
    }
    logger.warn({ venue: venue.venue, cause: fault }, 'the record of the venue was not read');
    return AGAIN_MS;
  }

  /** Returns the reason why the record was not read to its end; null if it was. */
  private async read(): Promise<string | null> {
    const { venue, database, logger } = this.options;
    const { clock, record } = venue;
    const ageMs = clock.ageMs();
    if ((ageMs === null || ageMs > CLOCK_FRESH_MS) && !(await record.readClock()))
      return 'the clock of the venue could not be read';
    const balances = await readBalances(venue, database, logger);
    const now = clock.latest();
    const [next] = await database.query<NextReading>(NEXT_READING, [venue.venue]);
    if (now === null || !next) return 'the time of the venue is not known';
    const isDeep = this.isFirst || next.deep_is_due === true;
    const windows = readingWindows({
      now,
      readThrough: next.read_through,
      oldestOpen: next.oldest_open,
      isDeep,
    });
    const fault = await readRecord(venue, windows, next.begun_at, database);
    if (fault !== null) return fault;
    await database.query(READ_THROUGH, [
      venue.venue,
      now,
      next.begun_at,
      isDeep,
      windows[0]?.from ?? now,
    ]);
    if (balances) await storeReading(venue.venue, balances, next.begun_at, database);
    this.isFirst = false;
    return null;
  }
}
