import type { AuditedRecord, RecordParts } from '@sluice/connector-engine';
import { monotonicMs, Secret, secretFile, word } from '@sluice/runtime';
import { BYBIT_BASE_URL } from './config.js';
import { BybitAdapter } from './venue/bybit.adapter.js';
import { BybitAddressBook } from './venue/bybit.address-book.js';
import { bybitCapabilities } from './venue/bybit.capabilities.js';
import { BybitClient } from './venue/bybit.client.js';

/** Settings of the auditor's own key, which may read the record and nothing else. */
export const BYBIT_AUDIT_SETTINGS = {
  bybitBaseUrl: BYBIT_BASE_URL,
  bybitApiKey: word('BYBIT_AUDIT_API_KEY', ''),
  bybitApiSecret: secretFile('BYBIT_AUDIT_API_SECRET', { fileInProduction: true }, new Secret('')),
} as const;

interface BybitAudit {
  readonly bybitApiKey: string;
  readonly bybitApiSecret: Secret;
}

const TIMEOUT_MS = 10_000;

export function auditBybit(settings: BybitAudit, parts: RecordParts): AuditedRecord {
  const access = {
    apiKey: settings.bybitApiKey,
    apiSecret: settings.bybitApiSecret,
    submitTimeoutMs: TIMEOUT_MS,
  };
  const client = new BybitClient(parts.http, parts.clock, access, paceOf(parts));
  const policy = {
    accountTypes: ['FUND'],
    travelRule: { required: false, recipients: {} },
  };
  const adapter = new BybitAdapter(
    bybitCapabilities(0),
    client,
    new BybitAddressBook(client),
    policy,
  );
  return { adapter, readClock: () => client.readClock() };
}

/** After a 403, Bybit's ban ends only after a time without any call. */
function paceOf({ turn }: Pick<RecordParts, 'turn'>) {
  let silentUntilMs = 0;
  return {
    turn: async (endpoint: string): Promise<boolean> => {
      if (monotonicMs() < silentUntilMs) return false;
      await turn(endpoint);
      return true;
    },
    silence: (ms: number): Promise<void> => {
      silentUntilMs = monotonicMs() + ms;
      return Promise.resolve();
    },
  };
}
