import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { AUDITOR_GAUGES } from './auditor-gauges.js';
import { AuditorModule } from './auditor.module.js';
import { auditorConfig } from './config.js';
import { AUDITOR_ENTITIES } from './postgres/entities.js';
import { AUDITOR_SCHEMA } from './postgres/schema.js';

/** Facts may arrive this much later (ms): batches cost more than messages. */
const GATHER_MS = 1_500;
const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'auditor',
  config: auditorConfig(),
  schema: AUDITOR_SCHEMA,
  entities: AUDITOR_ENTITIES,
  gauges: AUDITOR_GAUGES,
  gatherMs: GATHER_MS,
  module: AuditorModule,
  checkInvariants: (database) => checkInvariants(database, INVARIANTS),
}));
