import { beginCall, type Span } from '@sluice/runtime/tracing';
import type { VenueAnswer, VenueRequest } from './venue-http.js';

/**
 * Begins a span for a call on behalf of a traced submission; null for other calls. The venue
 * receives no trace data. The query string is left out, because some venues expect the signature in
 * the query.
 */
export function beginCallSpan(
  host: string,
  { method, path, pathIsSecret, pays = false }: VenueRequest,
): Span | null {
  return beginCall(`${method} ${host}`, {
    'http.request.method': method,
    'server.address': host,
    ...(pathIsSecret !== true && { 'url.path': path.split('?', 1)[0] ?? '' }),
    'sluice.pays': pays,
  });
}

export function endCallSpan(span: Span, answer: VenueAnswer): void {
  const status = answer.kind === 'not_sent' ? null : answer.status;
  span.end(answer.kind === 'answer' ? null : answer.cause, {
    'sluice.outcome': answer.kind,
    ...(status !== null && { 'http.response.status_code': status }),
  });
}
