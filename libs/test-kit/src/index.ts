export {
  CLOCK_OFFSETS_MS,
  byTwo,
  TWO_PEOPLE,
  vouchedFor,
  testMessageKeys,
  testMessageKeysText,
  VENUE_A,
  VENUE_B,
  VENUE_C,
} from './test-data.js';
export { codeBlocks, limitTexts, operatorPage, TABLES, tablesInDocs } from './docs.js';
export { passkeyHeader, softwarePasskey, type SoftwarePasskey } from './software-passkey.js';
export { eventually } from './eventually.js';
export { SimulatorControl, type SimulatedPayment } from './simulator-control.js';
export {
  startTestServer,
  type TestServer,
  TraceCollector,
  type CollectedSpan,
} from './test-server.js';
export { TcpProxy, type Direction, type LinkCondition } from './tcp-proxy.js';
