import type { Type } from '@nestjs/common';
import { checkInvariants } from '@sluice/postgres';
import type { ServiceDefinition } from '@sluice/service-shell';
import type { ConnectorConfig } from './config.js';
import { CONNECTOR_GAUGES } from './connector-gauges.js';
import { CONNECTOR_ENTITIES } from './postgres/entities.js';
import { CONNECTOR_INVARIANTS } from './postgres/invariants.js';
import { CONNECTOR_SCHEMA } from './postgres/schema.js';

/** What a connector adds to what all of them have. */
export interface ConnectorDefinition<C extends ConnectorConfig> {
  readonly venue: string;
  readonly config: C;
  readonly module: Type;
  /** The folder of the venue's own invariants. */
  readonly invariants: URL;
}

/** A connector, as it runs and as tests run it. */
export function connectorService<C extends ConnectorConfig>({
  venue,
  config,
  module,
  invariants,
}: ConnectorDefinition<C>): ServiceDefinition<C> {
  return {
    name: `connector-${venue}`,
    config,
    schema: CONNECTOR_SCHEMA,
    entities: CONNECTOR_ENTITIES,
    gauges: CONNECTOR_GAUGES,
    module,
    ...(typeof config.publicPort === 'number' && { publicPort: config.publicPort }),
    checkInvariants: (database) => checkInvariants(database, CONNECTOR_INVARIANTS, invariants),
  };
}
