import { auditBitmart } from '@sluice/connector-bitmart/audit';
import { auditBybit } from '@sluice/connector-bybit/audit';
import {
  VenueClock,
  VenueHttp,
  type AuditedRecord,
  type RecordParts,
} from '@sluice/connector-engine';
import { auditGateio } from '@sluice/connector-gateio/audit';
import type { Logger } from '@sluice/runtime';
import type { AuditorConfig } from '../config.js';
import { OwnPace } from './own-pace.js';

/** A venue whose record the auditor reads. */
export interface CoveredVenue {
  readonly venue: string;
  readonly record: AuditedRecord;
  readonly clock: VenueClock;
  close(): Promise<void>;
}

const CONNECTIONS = 2;

interface Opened {
  readonly venue: string;
  readonly key: string;
  readonly baseUrl: string;
  readonly open: (parts: RecordParts) => AuditedRecord;
}

/** Opens the record of each venue for which the auditor has a key. */
export function coveredVenues(config: AuditorConfig, logger: Logger): readonly CoveredVenue[] {
  return venuesOf(config)
    .filter(({ key }) => key !== '')
    .map(({ venue, baseUrl, open }) => {
      const clock = new VenueClock(venue, logger);
      const http = new VenueHttp({
        origin: new URL(baseUrl).origin,
        clock,
        connections: CONNECTIONS,
      });
      const pace = new OwnPace();
      const record = open({ http, clock, turn: (endpoint) => pace.turn(endpoint) });
      return { venue, record, clock, close: () => http.close() };
    });
}

function venuesOf(config: AuditorConfig): readonly Opened[] {
  return [
    {
      venue: 'gateio',
      key: config.gateioApiKey,
      baseUrl: config.gateioBaseUrl,
      open: (parts) => auditGateio(config, parts),
    },
    {
      venue: 'bybit',
      key: config.bybitApiKey,
      baseUrl: config.bybitBaseUrl,
      open: (parts) => auditBybit(config, parts),
    },
    {
      venue: 'bitmart',
      key: config.bitmartApiKey.reveal(),
      baseUrl: config.bitmartBaseUrl,
      open: (parts) => auditBitmart(config, parts),
    },
  ];
}
