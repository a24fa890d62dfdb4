export { startSystem, type System } from './system/start-system.js';
export {
  type LaunchedService,
  SERVICE_NODE_FLAGS,
  serviceSpec,
  simulatorSpec,
  startServiceProcess,
  type ProgramSpec,
} from './system/service-process.js';
export {
  provideTls,
  provideAuditKeys,
  loadSecrets,
  writeMessageKeys,
  type StackSecrets,
} from './system/stack-secrets.js';
export { contextOf, openSite, type StackSite } from './system/system-plan.js';
export { accessOf, startKafkaOf, startPostgresOf, openKafka } from './system/servers.js';
export {
  endpointOf,
  kafkaAccessOf,
  type DemoAccount,
  type ProcessName,
  type ProgramName,
  type RunFile,
  type RunningChain,
} from './layout/run-file.js';
export { writeWalletFiles } from './chains/wallet-files.js';
export { provideChains } from './chains/provide-chains.js';
export { ChainBook } from './chains/chain-book.js';
export { chainNameOf, CHAIN_NAMES, type ChainNetwork } from './tables/local-chains.js';
export { layoutOf } from './layout/layout.js';
export { endWithFailure, listenForStop, positive, runCommand, stopSignal } from './cli/command.js';
export {
  authenticationOf,
  freshTimestamp,
  SignedClient,
  type IntakeAnswer,
  type IntakeKey,
  type SignedRequest,
  fieldsOf,
  parsed,
  rowsOf,
  textOf,
  type Fields,
} from './clients/signed-client.js';
export {
  createKey,
  fundAccount,
  openAccount,
  twoPeople,
  type Funding,
  type TwoPeople,
} from './clients/two-people.js';
export { AdminClients, APPROVER, DEMO_PERSON } from './clients/admin-clients.js';
export {
  WebhookReceiver,
  WITHDRAWAL_EVENTS,
  type ReceivedWebhook,
} from './clients/webhook-receiver.js';
export {
  bankAccountIn,
  bankVenue,
  connectorOf,
  FIRST_VENUE,
  FURTHER_ACCOUNTS,
  furtherAccount,
  isSimulated,
  recipientOf,
  SIMULATED_NAMES,
  simulatedOf,
  VENUE_NAMES,
  venueOf,
  type FirstVenue,
  type SimulatedName,
  type VenueName,
} from './tables/venues.js';
export { type VenueAnswer, type VenueApi } from './tables/venues/venue.js';
export { adminPortOf, portsOfAnother, type StackPorts } from './layout/layout.js';
export {
  connectorEnvironment,
  QUICK_PROOFS,
  serviceEnvironment,
  type Environment,
  type SystemContext,
} from './system/service-environment.js';
export { setUpSimulators } from './clients/simulators.js';
export { adminLogin, KAFKA_RIGHTS, kafkaLogin, isSecretVariable } from './tables/credentials.js';
export { UNDER_WAY } from './tables/services.js';
export {
  databaseUrl,
  ownerUrl,
  ownerUrlOf,
  urlOfAllAccounts,
  superuserUrlOf,
} from './system/service-databases.js';
export { Databases } from './system/databases.js';
export {
  coreWith,
  ofEach,
  PARTITIONS,
  SERVICE_NAMES,
  servicesWith,
  settingsOf,
  SIMULATED_SERVICES,
  specOf,
  type ServiceName,
} from './tables/services.js';
export { readConfigurations } from './read-configurations.js';
export { demoElsewhere, verdict } from './start/demo.js';
export { openDemoAccount } from './start/demo-account.js';
export { atRate, keepInFlight, pause } from './load/load-loops.js';
export { paymentsOf, type Books } from './load/books.js';
export {
  drawOrder,
  toFreshAddress,
  usualFormsOf,
  type BankAccount,
  type Form,
  type Order,
  type OrderOptions,
} from './load/orders.js';
export { percentiles } from './load/percentiles.js';
export { randomOf, type Random } from './load/random.js';
export { RecordedWithdrawals } from './load/recorded-withdrawals.js';
export {
  askedNow,
  failuresOf,
  plainNo,
  SteadyLoad,
  type Asked,
  type Phase,
} from './load/steady-load.js';
export {
  BROKEN,
  count,
  judge,
  verdictLine,
  type Booked,
  type Counts,
  type Evidence,
  type Judged,
  type PaidAt,
} from './load/verdict.js';
