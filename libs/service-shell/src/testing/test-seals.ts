import type { Database } from '@sluice/postgres';
import { Approvals, type DemandingService } from '../approvals/approvals.js';
import { RecordSeals } from '../seals/record-seals.js';
import { AuditKeys } from '../settings/audit-keys.js';

/** Returns the seals of a service with the keys of development. */
export function testSeals(service: string): RecordSeals {
  return new RecordSeals(service, AuditKeys.ofDevelopment());
}

export const TEST_SEALS = testSeals('test');

const SILENT = { error: () => undefined };

/** Approvals sealed with the keys of development, without logs. Default: not sent to the auditor. */
export function testApprovals(
  database: Database,
  service = 'test',
  messageKeys: DemandingService['messageKeys'] = { names: () => [] },
): Approvals {
  return new Approvals(database, testSeals(service), SILENT, { name: service, messageKeys });
}
