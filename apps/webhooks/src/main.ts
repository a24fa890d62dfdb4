import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { webhooksConfig } from './config.js';
import { WEBHOOKS_ENTITIES } from './postgres/entities.js';
import { WEBHOOKS_SCHEMA } from './postgres/schema.js';
import { WEBHOOKS_GAUGES } from './webhooks-gauges.js';
import { WebhooksModule } from './webhooks.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'webhooks',
  config: webhooksConfig(),
  schema: WEBHOOKS_SCHEMA,
  entities: WEBHOOKS_ENTITIES,
  gauges: WEBHOOKS_GAUGES,
  module: WebhooksModule,
  checkInvariants: (database) => checkInvariants(database, INVARIANTS),
}));
