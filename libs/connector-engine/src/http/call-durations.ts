import { Histogram } from 'prom-client';
import type { VenueAnswer, VenueRequest } from './venue-http.js';

const durations = new Histogram({
  name: 'sluice_venue_call_duration_seconds',
  help: 'Calls to the venue by result: a status class, foreign for an answer of another party, not_sent without a connection, broken if the connection ended during the call',
  labelNames: ['method', 'pays', 'outcome'],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});

/**
 * Paths contain ids and are not used as a label. The `pays` label separates calls that move money
 * from queries.
 */
export function measureCall(
  { method, pays = false }: Pick<VenueRequest, 'method' | 'pays'>,
  answer: VenueAnswer,
  tookMs: number,
): void {
  const outcome = answer.kind === 'answer' ? `${Math.floor(answer.status / 100)}xx` : answer.kind;
  durations.observe({ method, pays: String(pays), outcome }, tookMs / 1_000);
}
