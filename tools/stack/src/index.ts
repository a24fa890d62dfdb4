export {
  startPostgres,
  type PostgresOptions,
  type PostgresServer,
} from './postgres/start-postgres.js';
export { ensureServiceDatabases, type ServiceDatabase } from './postgres/service-databases.js';
export { startGuard, type ProcessGuard } from './process/process-guard.js';
export { freePort } from './free-port.js';
export { ServiceProcess, type Asking } from './testkit/service-process.js';
export { withTestPostgres, type TestPostgres } from './testkit/with-test-postgres.js';
export { ensureTopics, type TopicSpec } from './kafka/ensure-topics.js';
export { startKafka, type KafkaOptions, type KafkaServer } from './kafka/start-kafka.js';
export { withTestKafka, type TestKafka } from './testkit/with-test-kafka.js';
export { startSystem, type System, type SystemOptions } from './system/start-system.js';
export { SERVICE_NODE_FLAGS } from './system/services.js';
export {
  readRunFile,
  type DemoAccount,
  type AdminEndpoints,
  type ProcessName,
  type RunFile,
  type ServiceName,
} from './system/run-file.js';
export { layoutOf, type Layout } from './system/layout.js';
export { stackConfig, type StackConfig } from './config.js';
export { StackError } from './stack-error.js';
export { describeExit, type Exit } from './process/launch.js';
export type { SupervisedProcess, SupervisorEvents } from './process/supervise-process.js';
export { endingOf } from './cli/ending.js';
export { listenForStop } from './cli/stop-request.js';
export { PRINTED_EVENTS, printNotice, printStep, seconds } from './cli/print-events.js';
export {
  IntakeClient,
  type IntakeAnswer,
  type IntakeKey,
  type IntakeRequestOptions,
} from './clients/intake-client.js';
export { AdminClient, type Funding, type InvariantReport } from './clients/admin-client.js';
export {
  connectorOf,
  VENUE_NAMES,
  venueOf,
  type ConnectorName,
  type Venue,
  type VenueName,
} from './venues.js';
export { superviseProcess, type SupervisedSpec } from './process/supervise-process.js';
export { loadPorts, type StackPorts } from './system/stack-ports.js';
export { loadSecrets, type StackSecrets } from './system/stack-secrets.js';
export {
  connectorEnvironment,
  intakeEnvironment,
  ledgerEnvironment,
  type Environment,
  type SystemContext,
} from './system/service-environment.js';
export { readCredentials, setUp } from './clients/simulator-client.js';
export { DATABASES, type DatabaseKey, type DatabaseUrls } from './config.js';
export { kafkaClient } from './kafka/kafka-client.js';
export { workspaceRoot } from './workspace-root.js';
