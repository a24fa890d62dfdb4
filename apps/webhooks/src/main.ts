import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { webhooksConfig } from './config.js';
import { WEBHOOKS_ENTITIES } from './postgres/entities.js';
import { WEBHOOKS_SCHEMA } from './postgres/schema.js';
import { eventFault } from './trust/delivery-seals.js';
import { WEBHOOKS_GAUGES } from './webhooks-gauges.js';
import { WebhooksModule } from './webhooks.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => {
  const config = webhooksConfig();
  return {
    name: 'webhooks',
    config,
    schema: WEBHOOKS_SCHEMA,
    entities: WEBHOOKS_ENTITIES,
    poolSize: 8,
    customerPoolSize: 2,
    events: { fault: (event) => eventFault(config.eventsPublicKeys, event) },
    gauges: WEBHOOKS_GAUGES,
    module: WebhooksModule,
    checkInvariants: (database) => checkInvariants(database, INVARIANTS),
  };
});
