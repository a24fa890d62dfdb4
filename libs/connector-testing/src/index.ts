export { benchFor, ConnectorBench, contractBenchFor } from './connector-bench.js';
export { describeConnectorInvariants, type VenueInvariants } from './connector-invariants.js';
export { ABSENCE_AFTER_MS, QUICK_CONNECTOR, widePlan, type ConnectorKit } from './connector-kit.js';
export { givenLaggingStandby } from './lagging-standby.js';
export { describeRestores, type RestoreForm } from './restores.js';
export { type RunningSimulator } from './start-simulator.js';
export { killedConnectorMain } from './killed-connector.js';
export { TestConnector, type OrderMarks, type VenueEvent } from './test-connector.js';
export { happens, keptLog, reaches, stateOf, types } from './watch.js';
export { setProcessClock } from './process-clock.js';
export { describeWrongClocks } from './wrong-clocks.js';
export { expectCalmBurst, type Burst, type BurstInstance } from './venue-burst.js';
export {
  describeVenueAdapter,
  type ConnectorUnderTest,
  type ContractForm,
  type ContractOrder,
  type ContractSubmission,
  type VenueUnderTest,
} from './venue-adapter-contract.js';
