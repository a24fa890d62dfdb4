import type { AuditedRecord, RecordParts } from '@sluice/connector-engine';
import { Secret, secretFile, venueUrl } from '@sluice/runtime';
import { BITMART_AMOUNT_IS, BITMART_HOSTS } from './config.js';
import { BitmartAdapter } from './venue/bitmart.adapter.js';
import { bitmartCapabilities } from './venue/bitmart.capabilities.js';
import { BitmartClient } from './venue/bitmart.client.js';
import type { AmountReading } from './venue/bitmart.mapping.js';
import { BitmartTerms } from './venue/bitmart.terms.js';

/** Settings of the auditor's own key. BitMart reads with the key alone, without secret and memo. */
export const BITMART_AUDIT_SETTINGS = {
  bitmartBaseUrl: venueUrl('BITMART_BASE_URL', BITMART_HOSTS, `https://${BITMART_HOSTS[0]}`),
  bitmartApiKey: secretFile('BITMART_AUDIT_API_KEY', {}, new Secret('')),
  bitmartAmountIs: BITMART_AMOUNT_IS,
} as const;

interface BitmartAudit {
  readonly bitmartBaseUrl: string;
  readonly bitmartApiKey: Secret;
  readonly bitmartAmountIs: AmountReading;
}

const TIMEOUT_MS = 10_000;

export function auditBitmart(settings: BitmartAudit, parts: RecordParts): AuditedRecord {
  const none = new Secret('');
  const access = {
    apiKey: settings.bitmartApiKey.reveal(),
    apiSecret: none,
    memo: none,
    baseUrl: settings.bitmartBaseUrl,
    submitTimeoutMs: TIMEOUT_MS,
  };
  const client = new BitmartClient(parts.http, parts.clock, access, parts);
  const rules = { amountIs: settings.bitmartAmountIs, refuseFrom: new Date(0) };
  const adapter = new BitmartAdapter(
    bitmartCapabilities(0),
    client,
    new BitmartTerms(client),
    rules,
  );
  return { adapter, readClock: () => client.readClock() };
}
