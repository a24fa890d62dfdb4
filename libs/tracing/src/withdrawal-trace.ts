import type { SpanIds } from './traceparent.js';

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
/** Of the last 56 bits of a trace id, which W3C Trace Context wants random, as many as a number holds. */
const RANDOM_DIGITS = 13;

/**
 * The trace of a withdrawal has its id, without the hyphens: whoever knows the one knows the other, nothing is stored, and no crash loses
 * it. A UUIDv7 is random where a trace id has to be. Null for what is no id of a withdrawal.
 */
export function traceIdOf(withdrawalId: string): string | null {
  const traceId = withdrawalId.replaceAll('-', '');
  return TRACE_ID.test(traceId) ? traceId : null;
}

/** The first span of a withdrawal's trace, which is the request that asked for it. */
export function firstSpanOf(traceId: string): SpanIds {
  return { traceId, spanId: traceId.slice(16) };
}

/** The same answer for the same trace, whoever asks; as other consistent samplers decide. */
export function isSampledAt(ratio: number, traceId: string): boolean {
  const randomness = parseInt(traceId.slice(-14, -1), 16) / 16 ** RANDOM_DIGITS;
  return ratio > 0 && randomness >= 1 - ratio;
}
