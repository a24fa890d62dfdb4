export { beginCall, inTrace, requestIsAbout, RequestTrace } from './tracing/current-trace.js';
export { sampledIds, traceparentOf, type SpanIds } from './tracing/traceparent.js';
export {
  beginSpan,
  sampledWithdrawal,
  startTracing,
  traceFields,
  withdrawalTraceparent,
  type Span,
  type SpanOptions,
  type TracingOptions,
} from './tracing/tracing.js';
export { firstSpanOf, isSampledAt, traceIdOf } from './tracing/withdrawal-trace.js';
