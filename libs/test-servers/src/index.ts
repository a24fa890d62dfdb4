export {
  diskFault,
  readJsonFile,
  writeJsonFile,
  SetupError,
  newDataFolder,
  tempFolder,
  workspaceRoot,
} from './machine/files.js';
export { fetchedTool } from './machine/fetched-tool.js';
export { freePort } from './servers/free-port.js';
export { LocalIssuer } from './issuer/local-issuer.js';
export { newServiceKey, publicKeyOf } from './issuer/service-key.js';
export { wrongAnswers, type RoutesDocument } from './issuer/wrong-answers.js';
export {
  deleteRecords,
  ensureTopics,
  insistently,
  recreateTopic,
  type TopicSpec,
  withKafkaAdmin,
  type KafkaAccess,
  kafkaClient,
  type KafkaLogin,
  kafkaRoundTrip,
} from './kafka/kafka-client.js';
export { hasBroker, KAFKA_NODES } from './kafka/broker-files.js';
export { grantRights, type KafkaRights, ensureLogins } from './kafka/kafka-rights.js';
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
export { describeExit, type Exit, isAlive, programOf } from './process/launch.js';
export { type ProcessGuard, startGuard } from './process/process-guard.js';
export { lockHolder, takeLock } from './process/process-lock.js';
export {
  type SupervisedProcess,
  superviseProcess,
  type SupervisorEvents,
} from './process/supervise-process.js';
export { until } from './process/wait.js';
export { type Asking, ServiceProcess } from './servers/service-process.js';
export {
  type Certificate,
  CertificateAuthority,
  UNBELIEVABLE,
  unbelievableCertificate,
  type ServerTls,
  writeServerTls,
} from './tls/certificate-authority.js';
export { ConnectProxy, type ProxyBehaviour } from './proxy/connect-proxy.js';
export { type TestKafka, withTestKafka } from './servers/with-test-kafka.js';
export {
  asOwner,
  asService,
  setFsync,
  createTestLogins,
  TEST_LOGIN,
  TEST_OWNER,
  testDatabase,
  type TestPostgres,
  withTestPostgres,
} from './servers/with-test-postgres.js';
