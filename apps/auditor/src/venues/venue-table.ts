import { auditBitmart, BITMART_AUDIT_SETTINGS } from '@sluice/connector-bitmart/audit';
import { auditBybit, BYBIT_AUDIT_SETTINGS } from '@sluice/connector-bybit/audit';
import type { AuditedRecord, RecordParts } from '@sluice/connector-engine';
import { auditGateio, GATEIO_AUDIT_SETTINGS } from '@sluice/connector-gateio/audit';
import type { ConfigOf } from '@sluice/runtime';

/** Settings of the auditor's keys and of the venues' addresses. */
export const VENUE_SETTINGS = {
  ...GATEIO_AUDIT_SETTINGS,
  ...BYBIT_AUDIT_SETTINGS,
  ...BITMART_AUDIT_SETTINGS,
} as const;

export type VenueSettings = ConfigOf<typeof VENUE_SETTINGS>;

/** A venue that the auditor can read. */
interface AuditableVenue {
  readonly venue: string;
  /** Key of the auditor; empty if the installation has none. */
  readonly key: string;
  readonly baseUrl: string;
  readonly open: (parts: RecordParts) => AuditedRecord;
}

export function auditableVenues(config: VenueSettings): readonly AuditableVenue[] {
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

/**
 * Venues whose records do not prove the recipient of a transfer between accounts. Each form lists
 * the same records, because a record does not show the form. Such orders and payments are compared
 * by currency and amount alone.
 */
export const LISTS_NO_ACCOUNTS: ReadonlySet<string> = new Set(['bitmart']);
