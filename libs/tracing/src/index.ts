export { beginCall, inTrace, requestIsAbout, RequestTrace } from './current-trace.js';
export { sampledIds, traceparentOf, type SpanIds } from './traceparent.js';
export {
  beginSpan,
  sampledWithdrawal,
  startTracing,
  traceFields,
  withdrawalTraceparent,
  type Span,
  type SpanOptions,
  type TracingOptions,
} from './tracing.js';
export { firstSpanOf, isSampledAt, traceIdOf } from './withdrawal-trace.js';
