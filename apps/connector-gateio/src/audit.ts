import type { AuditedRecord, RecordParts } from '@sluice/connector-engine';
import { Secret, secretFile, word } from '@sluice/runtime';
import { GATEIO_BASE_URL } from './config.js';
import { GateioAdapter } from './venue/gateio.adapter.js';
import { gateioCapabilities } from './venue/gateio.capabilities.js';
import { GateioClient } from './venue/gateio.client.js';
import { GateioFees } from './venue/gateio.fees.js';

/** Settings of the auditor's own key, which may read the record and nothing else. */
export const GATEIO_AUDIT_SETTINGS = {
  gateioBaseUrl: GATEIO_BASE_URL,
  gateioApiKey: word('GATEIO_AUDIT_API_KEY', ''),
  gateioApiSecret: secretFile(
    'GATEIO_AUDIT_API_SECRET',
    { fileInProduction: true },
    new Secret(''),
  ),
} as const;

interface GateioAudit {
  readonly gateioBaseUrl: string;
  readonly gateioApiKey: string;
  readonly gateioApiSecret: Secret;
}

const TIMEOUT_MS = 10_000;

export function auditGateio(settings: GateioAudit, parts: RecordParts): AuditedRecord {
  const access = {
    apiKey: settings.gateioApiKey,
    apiSecret: settings.gateioApiSecret,
    baseUrl: settings.gateioBaseUrl,
    submitTimeoutMs: TIMEOUT_MS,
  };
  const client = new GateioClient(parts.http, parts.clock, access, parts);
  // a payment counts as paid from the venue's first report on
  const rules = { doneSettlesAfterMs: 0 };
  const adapter = new GateioAdapter(gateioCapabilities(0), client, new GateioFees(client), rules);
  return { adapter, readClock: () => client.readClock() };
}
