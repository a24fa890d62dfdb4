export { startSystem, type System } from './system/start-system.js';
export { type LaunchedService } from './system/launch-service.js';
export {
  SERVICE_NODE_FLAGS,
  serviceSpec,
  simulatorSpec,
  startServiceProcess,
} from './system/service-process.js';
export { provideTls } from './system/local-tls.js';
export { contextOf, openSite, type StackSite } from './system/stack-site.js';
export { accessOf, migrateDatabases, startKafkaOf, startPostgresOf } from './system/servers.js';
export {
  endpointOf,
  type DemoAccount,
  type ProcessName,
  type ProgramName,
  type RunFile,
  type RunningChain,
} from './layout/run-file.js';
export { provideAuditKeys } from './system/audit-keys.js';
export { writeWalletFiles } from './chains/wallet-files.js';
export { provideChains } from './chains/provide-chains.js';
export { chainNameOf, CHAIN_NAMES, type ChainNetwork } from './tables/local-chains.js';
export { layoutOf } from './layout/layout.js';
export { endWithFailure } from './cli/ending.js';
export { listenForStop } from './cli/stop-request.js';
export { type IntakeKey } from './clients/intake-client.js';
export { AdminClients, APPROVER, DEMO_PERSON } from './clients/admin-clients.js';
export { WebhookReceiver, type ReceivedWebhook } from './clients/webhook-receiver.js';
export {
  bankAccountIn,
  bankVenue,
  connectorOf,
  FIRST_VENUE,
  FURTHER_ACCOUNTS,
  furtherAccount,
  isSimulated,
  orderFormsOf,
  paysToBankAccount,
  recipientOf,
  SIMULATED_NAMES,
  simulatedOf,
  VENUE_NAMES,
  venueOf,
  type FirstVenue,
  type OrderFormName,
  type SimulatedName,
  type VenueName,
} from './tables/venues.js';
export type { OrderForm, VenueAnswer, VenueApi } from './tables/venues/venue.js';
export { adminPortOf, portsOfAnother, type StackPorts } from './layout/stack-ports.js';
export { loadSecrets, writeMessageKeys, type StackSecrets } from './system/stack-secrets.js';
export {
  connectorEnvironment,
  QUICK_PROOFS,
  serviceEnvironment,
  type Environment,
  type SystemContext,
} from './system/service-environment.js';
export { setUp } from './clients/simulator-client.js';
export { adminLogin, KAFKA_RIGHTS, kafkaLogin } from './tables/kafka-logins.js';
export { UNDER_WAY } from './tables/under-way.js';
export { openKafka } from './system/open-kafka.js';
export {
  databasesOf,
  databaseUrl,
  ownerUrl,
  ownerUrlOf,
  urlOfAllAccounts,
  superuserUrlOf,
} from './system/service-databases.js';
export { migrateServices } from './system/migrate-services.js';
export {
  coreWith,
  ofEach,
  ownerOf,
  PARTITIONS,
  SERVICE_NAMES,
  settingsOf,
  SIMULATED_SERVICES,
  specOf,
  type ServiceName,
} from './tables/services.js';
export { readConfigurations } from './read-configurations.js';
export { demoElsewhere } from './start/demo-elsewhere.js';
export { verdict } from './start/demo.js';
export { openDemoAccount } from './start/demo-account.js';
export { isSecretVariable } from './tables/secret-variables.js';
