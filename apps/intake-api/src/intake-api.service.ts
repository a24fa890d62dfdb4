import { checkInvariants } from '@sluice/postgres';
import type { ServiceDefinition } from '@sluice/service-shell';
import type { IntakeConfig } from './config.js';
import { PublicErrorFilter } from './http/public-error.filter.js';
import { acceptPlainPaths } from './http/public-routes.js';
import { IntakeApiModule } from './intake-api.module.js';
import { INTAKE_ENTITIES } from './postgres/entities.js';
import { INTAKE_SCHEMA } from './postgres/schema.js';
import { INTAKE_GAUGES } from './withdrawals/intake-gauges.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

/** This service, as it runs and as tests run it. */
export function intakeApi(config: IntakeConfig): ServiceDefinition<IntakeConfig> {
  return {
    name: 'intake-api',
    config,
    schema: INTAKE_SCHEMA,
    entities: INTAKE_ENTITIES,
    gauges: INTAKE_GAUGES,
    module: IntakeApiModule,
    checkInvariants: (database) => checkInvariants(database, INVARIANTS),
    errorFilter: PublicErrorFilter,
    internalPort: config.internalPort,
    internalHost: config.internalHost || config.host,
    hooks: acceptPlainPaths,
  };
}
