import type { VenueAdapter } from '@sluice/connector-rules';
import type { VenueClock } from '../clock/venue-clock.js';
import type { VenueHttp } from '../http/venue-http.js';

/** Parts for reading a venue without a connector's database. */
export interface RecordParts {
  readonly http: VenueHttp;
  readonly clock: VenueClock;
  turn(endpoint: string): Promise<void>;
}

/** A venue's record, as read with a key that can neither order nor cancel. */
export interface AuditedRecord {
  readonly adapter: Pick<VenueAdapter, 'capabilities' | 'list' | 'balances'>;
  /** Reads the venue's clock. Returns false if the clock could not be read. */
  readClock(): Promise<boolean>;
}
