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
