import type {
  Listing,
  Preparation,
  SubmitOutcome,
  VenueStatus,
  AnswerEvidence,
} from './venue-adapter.js';

export const PENDING: VenueStatus = { kind: 'pending' };

export function pendingWith(alert: string): VenueStatus {
  return { kind: 'pending', alert };
}

export function failedStatus(reason: string, message: string, cancelled = false): VenueStatus {
  return { kind: 'failed', reason, message, cancelled };
}

/** The entry of a status. An undocumented status is still open, never failed, with an alert. */
export function statusIn<Rule>(
  table: Readonly<Record<string, Rule>>,
  status: string,
  apply: (rule: Rule) => VenueStatus,
): VenueStatus {
  const rule = Object.hasOwn(table, status) ? table[status] : undefined;
  return rule === undefined
    ? pendingWith(`status ${status || '(none)'} is not documented`)
    : apply(rule);
}

const READ_AGAIN_MS = 2_000;

/** Records could not be read: nothing is proven. */
export function unavailable(
  cause: string,
  retryAfterMs = READ_AGAIN_MS,
): Extract<Listing, { kind: 'unavailable' }> {
  return { kind: 'unavailable', retryAfterMs, cause };
}

export function notReady(
  cause: string,
  retryAfterMs: number,
): Extract<Preparation, { kind: 'not_ready' }> {
  return { kind: 'not_ready', retryAfterMs, cause };
}

export function refusedOrder(
  reason: string,
  message: string,
): Extract<Preparation, { kind: 'refused' }> {
  return { kind: 'refused', reason, message };
}

/** A component in front of the service answers 429: the service has not processed the request. */
export function tooManyRequests(retryAfterMs: number, evidence: AnswerEvidence): SubmitOutcome {
  return { kind: 'not_sent', retryAfterMs, cause: 'status 429', throttle: 'slow_down', evidence };
}
