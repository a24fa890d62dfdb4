import { startService } from '@sluice/service-shell';
import { intakeConfig } from './config.js';
import { acceptPlainPaths } from './http/public-routes.js';
import { acceptRawBodies } from './http/raw-body.js';
import { intakeModule } from './intake-api.module.js';
import { INTAKE_GAUGES } from './withdrawals/intake-gauges.js';
import { INTAKE_ENTITIES } from './postgres/entities.js';
import { INTAKE_MIGRATIONS } from './postgres/migrations.js';
import { INTAKE_RETENTION } from './withdrawals/retention.js';

await startService(() => {
  const config = intakeConfig();
  return {
    name: 'intake-api',
    config,
    migrations: INTAKE_MIGRATIONS,
    entities: INTAKE_ENTITIES,
    gauges: INTAKE_GAUGES,
    retention: INTAKE_RETENTION,
    module: intakeModule,
    internalPort: config.internalPort,
    bodies: (fastify) => {
      acceptPlainPaths(fastify);
      acceptRawBodies(fastify);
    },
  };
});
