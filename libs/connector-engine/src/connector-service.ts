import type { Type } from '@nestjs/common';
import {
  haltOnViolation,
  PacedInvariants,
  type ServiceDefinition,
  type TableGauge,
} from '@sluice/service-shell';
import { connectorOf } from '@sluice/messages';
import { checkInvariants, type DatabaseSchema } from '@sluice/postgres';
import { commandsConsumerOf } from './commands/command-handler.js';
import type { ConnectorConfig } from './config.js';
import { CONNECTOR_GAUGES } from './connector-gauges.js';
import { CONNECTOR_ENTITIES } from './postgres/entities.js';
import { CONNECTOR_INVARIANTS } from './postgres/invariants.js';
import { CONNECTOR_SCHEMA } from './postgres/schema.js';

const LOOK_EVERY_MS = 20_000;
/** Invariants without a halt: lateness ends without intervention, and occurs in every outage. */
const HALTS_NOTHING = ['outbox-drains', 'nothing-overdue'];
/** Selects rows of the last two minutes, by the time in the id (UUIDv7). */
const IS_NEW = `withdrawal_id > rpad(lpad(to_hex((extract(epoch FROM now() - interval '2 minutes') * 1000)::bigint), 12, '0'), 32, '0')::uuid`;

/** A published row leaves with the connector's next event; other processes wait for the row. */
const PUBLISHED_STAY_MS = 250;

/** Connector-specific additions to the common service definition. */
interface ConnectorDefinition<C extends ConnectorConfig> {
  readonly config: C;
  readonly module: Type;
  /** Schema including the connector's own tables (default: `CONNECTOR_SCHEMA`). */
  readonly schema?: DatabaseSchema;
  /** Gauges of the connector's own tables, beside the engine's. */
  readonly gauges?: readonly TableGauge[];
  /** The folder of the venue's own invariants. */
  readonly invariants: URL;
}

export function connectorService<C extends ConnectorConfig>({
  config,
  module,
  schema = CONNECTOR_SCHEMA,
  gauges = [],
  invariants,
}: ConnectorDefinition<C>): ServiceDefinition<C> {
  const { venueAccount } = config;
  const paced = new PacedInvariants({
    folders: [CONNECTOR_INVARIANTS, invariants],
    newest: { submission: IS_NEW, attempt: IS_NEW },
  });
  return {
    name: connectorOf(venueAccount),
    config,
    schema,
    entities: CONNECTOR_ENTITIES,
    gauges: [...CONNECTOR_GAUGES, ...gauges],
    module: { module, controllers: [commandsConsumerOf(venueAccount)] },
    publishedStayMs: PUBLISHED_STAY_MS,
    ...(typeof config.publicPort === 'number' && { publicPort: config.publicPort }),
    invariantWatch: {
      everyMs: LOOK_EVERY_MS,
      check: (database, signal) => paced.look(database, signal),
      onViolation: (violations, database) =>
        haltOnViolation(database, violations, {
          scope: 'venue',
          openedBy: connectorOf(venueAccount),
          haltsNothing: HALTS_NOTHING,
        }),
    },
    checkInvariants: (database) => checkInvariants(database, CONNECTOR_INVARIANTS, invariants),
  };
}
