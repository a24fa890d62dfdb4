export { diskFault } from './machine/disk-fault.js';
export { fetchedTool } from './machine/fetched-tool.js';
export { freePort } from './servers/free-port.js';
export { LocalIssuer } from './issuer/local-issuer.js';
export { newServiceKey, publicKeyOf } from './issuer/service-key.js';
export { wrongAnswers, type RoutesDocument } from './issuer/wrong-answers.js';
export { readJsonFile, writeJsonFile } from './machine/json-file.js';
export { ensureTopics, type TopicSpec, withKafkaAdmin } from './kafka/ensure-topics.js';
export { hasBroker, KAFKA_NODES } from './kafka/broker-files.js';
export { type KafkaAccess, kafkaClient, type KafkaLogin } from './kafka/kafka-client.js';
export { grantRights, type KafkaRights } from './kafka/kafka-rights.js';
export { kafkaRoundTrip } from './kafka/kafka-round-trip.js';
export { ensureLogins } from './kafka/scram-logins.js';
export {
  KAFKA_HEAP,
  kafkaName,
  type KafkaPlace,
  type KafkaServer,
  startKafka,
  startKafkaCluster,
} from './kafka/start-kafka.js';
export { archiveInto, restoreTo, standbyOf, takeBaseBackup } from './postgres/base-backup.js';
export { rightsFaults } from './postgres/rights-faults.js';
export {
  ensureServiceDatabases,
  LOGIN_LIMITS,
  type ServiceDatabase,
} from './postgres/service-databases.js';
export {
  POSTGRES_SETTINGS,
  type PostgresOptions,
  type PostgresServer,
  startPostgres,
  withClient,
  withTls,
} from './postgres/start-postgres.js';
export { describeExit, type Exit } from './process/launch.js';
export { type ProcessGuard, startGuard } from './process/process-guard.js';
export { isAlive, programOf } from './process/process-identity.js';
export { lockHolder, takeLock } from './process/process-lock.js';
export {
  type SupervisedProcess,
  superviseProcess,
  type SupervisorEvents,
} from './process/supervise-process.js';
export { until } from './process/wait.js';
export { type Asking, ServiceProcess } from './servers/service-process.js';
export { SetupError } from './machine/setup-error.js';
export { type Certificate, CertificateAuthority } from './tls/certificate-authority.js';
export { UNBELIEVABLE, unbelievableCertificate } from './tls/unbelievable-certificate.js';
export { ConnectProxy, type ProxyBehaviour } from './proxy/connect-proxy.js';
export { type ServerTls, writeServerTls } from './tls/server-tls.js';
export { newDataFolder, tempFolder } from './machine/temp-folder.js';
export { type TestKafka, withTestKafka } from './servers/with-test-kafka.js';
export {
  asOwner,
  asService,
  setFsync,
  createTestLogins,
  TEST_LOGIN,
  TEST_OWNER,
  type TestPostgres,
  withTestPostgres,
} from './servers/with-test-postgres.js';
export { workspaceRoot } from './machine/workspace-root.js';
