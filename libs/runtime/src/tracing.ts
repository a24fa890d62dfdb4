export { beginCall, inTrace, requestIsAbout, RequestTrace } from './tracing/current-trace.js';
export {
  beginSpan,
  sampledWithdrawal,
  startTracing,
  traceFields,
  withdrawalTraceparent,
  type Span,
} from './tracing/tracing.js';
export { traceIdOf } from './tracing/traceparent.js';
