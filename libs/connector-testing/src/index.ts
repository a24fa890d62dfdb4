export { benchFor, contractBenchFor } from './connector-bench.js';
export { type ContractRecord } from './contract-records.js';
export { describeConnectorInvariants } from './connector-invariants.js';
export {
  ABSENCE_AFTER_MS,
  QUICK_CONNECTOR,
  widePlan,
  type ConnectorKit,
  startSimulator,
  type RunningSimulator,
} from './connector-kit.js';
export { killedConnectorMain } from './killed-connector.js';
export { describeKills } from './kills.js';
export { givenLaggingStandby } from './lagging-standby.js';
export { describePutBackRows, happens, keptLog, reaches, stateOf, types } from './put-back.js';
export { describeRestores } from './restores.js';
export { TestConnector, type OrderMarks } from './test-connector.js';
export { describeWrongClocks } from './wrong-clocks.js';
export { describeCalmBurst } from './venue-burst.js';
export {
  describeVenueAdapter,
  type ContractOrder,
  type ContractSubmission,
} from './venue-adapter-contract.js';
