import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { auditorConfig } from './config.js';
import { ExampleEntity } from './example/example.entity.js';
import { AuditorModule } from './auditor.module.js';
import { AUDITOR_SCHEMA } from './postgres/schema.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'auditor',
  config: auditorConfig(),
  schema: AUDITOR_SCHEMA,
  entities: [ExampleEntity],
  module: AuditorModule,
  checkInvariants: (database) => checkInvariants(database, INVARIANTS),
}));
