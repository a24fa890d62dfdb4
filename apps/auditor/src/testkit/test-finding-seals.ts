import { Outbox, UnitOfWork, type Database } from '@sluice/postgres';
import { AuditKeys, Health, RecordSeals, type Platform } from '@sluice/service-shell';
import { register } from 'prom-client';
import { FindingClosings } from '../seals/finding-closings.js';
import { FindingSeals } from '../seals/finding-seals.js';

/** Seals of findings with the keys of development, as in another process of the auditor. */
export function testFindingSeals(database: Database, logger: Platform['logger']): FindingSeals {
  register.clear();
  const unitOfWork = new UnitOfWork(database, 'auditor', new Outbox(database));
  const records = new RecordSeals('auditor', AuditKeys.ofDevelopment());
  const parts = { database, unitOfWork, logger };
  const closings = new FindingClosings(parts, records);
  return new FindingSeals({ ...parts, health: new Health() }, records, closings);
}
