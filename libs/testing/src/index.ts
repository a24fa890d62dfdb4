export { TABLES, tablesInDocs } from './tables-in-docs.js';
export { anyLedgerSteps, STEP_ACCOUNTS, STEP_ASSETS } from './any-ledger-step.js';
export { eventually, type Patience } from './eventually.js';
export { NaiveLedger, type LedgerStep, type Party, type Verdict } from './naive-ledger.js';
export { SimulatorControl, type SimulatedPayment } from './simulator-control.js';
export { expectCalmBurst, type Burst, type BurstInstance } from './venue-burst.js';
export { TcpProxy, type ProxyFault } from './tcp-proxy.js';
export {
  describeVenueAdapter,
  type ConnectorUnderTest,
  type ContractForm,
  type ContractOrder,
  type ContractSubmission,
  type VenueUnderTest,
} from './venue-adapter-contract.js';
