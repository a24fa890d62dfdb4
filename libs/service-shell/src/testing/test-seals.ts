import type { Database } from '@sluice/postgres';
import { Approvals } from '../approvals/approvals.js';
import { RecordSeals } from '../seals/record-seals.js';
import { AuditKeys } from '../settings/audit-keys.js';

/** Returns the seals of a service with the keys of development. */
export function testSeals(service: string): RecordSeals {
  return new RecordSeals(service, AuditKeys.ofDevelopment());
}

export const TEST_SEALS = testSeals('test');

/** Approvals sealed with the keys of development, without logs. */
export function testApprovals(database: Database, service = 'test'): Approvals {
  return new Approvals(database, testSeals(service), { error: () => undefined });
}
