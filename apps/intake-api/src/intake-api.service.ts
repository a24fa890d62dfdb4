import { haltOnViolation, PacedInvariants, type ServiceDefinition } from '@sluice/service-shell';
import { checkInvariants } from '@sluice/postgres';
import type { IntakeConfig } from './settings/intake-settings.js';
import { PublicErrorFilter } from './http/public-error.filter.js';
import { acceptBatches, acceptPlainPaths } from './http/public-routes.js';
import { IntakeApiModule } from './intake-api.module.js';
import { INTAKE_ENTITIES } from './postgres/entities.js';
import { INTAKE_SCHEMA } from './postgres/schema.js';
import { INTAKE_GAUGES } from './gauges/intake-gauges.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

const LOOK_EVERY_MS = 20_000;
/**
 * Invariants without a halt: lateness ends by itself, a list moves no money, and the venue is
 * halted already.
 */
const HALTS_NOTHING = [
  'outbox-drains',
  'nothing-waits-too-long',
  'venues-report-what-they-paid',
  'sent-only-what-was-asked',
  'ended-is-listed',
  'ledger-has-what-was-paid',
  'no-withdrawal-is-lost',
];
/** The time in an id (UUIDv7) two minutes ago. */
const TWO_MINUTES_AGO = `rpad(lpad(to_hex((extract(epoch FROM now() - interval '2 minutes') * 1000)::bigint), 12, '0'), 32, '0')::uuid`;

export function intakeApi(config: IntakeConfig): ServiceDefinition<IntakeConfig> {
  const paced = new PacedInvariants({
    folders: [INVARIANTS],
    newest: {
      withdrawal: `id > ${TWO_MINUTES_AGO}`,
      withdrawal_step: `withdrawal_id > ${TWO_MINUTES_AGO}`,
    },
  });
  return {
    name: 'intake-api',
    config,
    schema: INTAKE_SCHEMA,
    entities: INTAKE_ENTITIES,
    poolSize: 8,
    customerPoolSize: 4,
    events: { sign: (events) => config.eventsSigningKey.sign(events) },
    gauges: INTAKE_GAUGES,
    module: IntakeApiModule,
    invariantWatch: {
      everyMs: LOOK_EVERY_MS,
      check: (database, signal) => paced.look(database, signal),
      onViolation: (violations, database) =>
        haltOnViolation(database, violations, {
          scope: 'all',
          openedBy: 'intake-api',
          haltsNothing: HALTS_NOTHING,
        }),
    },
    checkInvariants: (database) => checkInvariants(database, INVARIANTS),
    errorFilter: PublicErrorFilter,
    internalPort: config.internalPort,
    internalHost: config.internalHost || config.host,
    hooks: (fastify) => {
      acceptPlainPaths(fastify);
      acceptBatches(fastify);
    },
  };
}
