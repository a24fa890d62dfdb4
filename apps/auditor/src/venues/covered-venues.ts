import { VenueClock, VenueHttp, type AuditedRecord } from '@sluice/connector-engine';
import { outgoingProxyOf, type Logger, type ProxySettings } from '@sluice/runtime';
import { OwnPace } from './own-pace.js';
import { auditableVenues, type AuditedSettings } from './venue-table.js';

/** A venue whose record the auditor reads. */
export interface CoveredVenue {
  readonly venue: string;
  readonly record: AuditedRecord;
  readonly clock: VenueClock;
  close(): Promise<void>;
}

const CONNECTIONS = 2;

/** Opens the record of each venue for which the auditor has a key. */
export function coveredVenues(
  settings: AuditedSettings & ProxySettings,
  logger: Logger,
): readonly CoveredVenue[] {
  const proxy = outgoingProxyOf(settings);
  return auditableVenues(settings)
    .filter(({ key }) => key !== '')
    .map(({ venue, baseUrl, open }) => {
      const clock = new VenueClock(venue, logger);
      const { origin } = new URL(baseUrl);
      const http = new VenueHttp({ origin, clock, proxy, connections: CONNECTIONS });
      const pace = new OwnPace();
      const record = open({ http, clock, turn: (endpoint) => pace.turn(endpoint) });
      return { venue, record, clock, close: () => http.close() };
    });
}
