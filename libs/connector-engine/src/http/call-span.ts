import { beginCall, type Span } from '@sluice/tracing';
import type { VenueAnswer, VenueRequest } from './venue-http.js';

/** Of a call on behalf of one traced submission, null of any other. The venue hears nothing of it; the query is left out, for some sign in it. */
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
