/** Ids of a span, as carried between services by W3C Trace Context. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

const SAMPLED = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]?[13579bdf]$/;

/** Returns the ids of a sampled span; null for an unsampled span or an invalid `traceparent`. */
export function sampledIds(traceparent: unknown): SpanIds | null {
  const [, traceId, spanId] = (typeof traceparent === 'string' && SAMPLED.exec(traceparent)) || [];
  return traceId !== undefined && spanId !== undefined ? { traceId, spanId } : null;
}

/** The last digit: sampled. */
export function traceparentOf({ traceId, spanId }: SpanIds): string {
  return `00-${traceId}-${spanId}-01`;
}

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
/** Hex digits for sampling, of the last 56 bits of a trace id, random by W3C Trace Context. */
const RANDOM_DIGITS = 13;

/**
 * Trace id of a withdrawal: its id without hyphens, so that nothing is stored or lost; null for an
 * invalid id.
 */
export function traceIdOf(withdrawalId: string): string | null {
  const traceId = withdrawalId.replaceAll('-', '');
  return TRACE_ID.test(traceId) ? traceId : null;
}

/** Returns the first span of a withdrawal's trace: the request for the withdrawal. */
export function firstSpanOf(traceId: string): SpanIds {
  return { traceId, spanId: traceId.slice(16) };
}

/** Equal in every service, and consistent with other consistent samplers. */
export function isSampledAt(ratio: number, traceId: string): boolean {
  const randomness = parseInt(traceId.slice(-14, -1), 16) / 16 ** RANDOM_DIGITS;
  return ratio > 0 && randomness >= 1 - ratio;
}
