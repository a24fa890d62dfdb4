export { codeBlocks } from './code-blocks.js';
export { byTwo, TWO_PEOPLE } from './by-two.js';
export { TABLES, tablesInDocs } from './tables-in-docs.js';
export { vouchedFor } from './vouched-for.js';
export { testMessageKeys, testMessageKeysText } from './message-keys.js';
export { eventually } from './eventually.js';
export { SimulatorControl, type SimulatedPayment } from './simulator-control.js';
export { TcpProxy } from './tcp-proxy.js';
export { TraceCollector, type CollectedSpan } from './trace-collector.js';
