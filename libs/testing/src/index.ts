export { eventually, type Patience } from './eventually.js';
export { SimulatorControl, type SimulatedPayment } from './simulator-control.js';
export { expectCalmBurst, type Burst, type BurstInstance } from './venue-burst.js';
export { TcpProxy, type Mischief } from './tcp-proxy.js';
export {
  describeVenueAdapter,
  type ConnectorUnderTest,
  type ContractForm,
  type ContractOrder,
  type ContractSubmission,
  type VenueUnderTest,
} from './venue-adapter-contract.js';
