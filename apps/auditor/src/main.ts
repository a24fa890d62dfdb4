import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { AUDITOR_GAUGES } from './auditor-gauges.js';
import { AuditorModule } from './auditor.module.js';
import { auditorConfig } from './config.js';
import { AUDITOR_ENTITIES } from './postgres/entities.js';
import { AUDITOR_SCHEMA } from './postgres/schema.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'auditor',
  config: auditorConfig(),
  schema: AUDITOR_SCHEMA,
  entities: AUDITOR_ENTITIES,
  gauges: AUDITOR_GAUGES,
  module: AuditorModule,
  checkInvariants: (database) => checkInvariants(database, INVARIANTS),
}));
