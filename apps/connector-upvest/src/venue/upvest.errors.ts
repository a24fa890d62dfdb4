import type { RefusalBasis, Throttle } from '@sluice/connector-rules';

/** What an error proves about a POST of a withdrawal. Reasons are ours and stable; the venue's name travels beside them. */
export type ProblemMeaning =
  | { kind: 'refused'; basis: RefusalBasis; reason: string }
  | { kind: 'not_sent'; retryAfterMs: number; throttle: Throttle }
  | { kind: 'unknown' };

// A page of the reference describes each as a fault of the request, found before anything is executed.
const refused = (reason: string): ProblemMeaning => ({
  kind: 'refused',
  basis: 'validation',
  reason,
});
const unknown: ProblemMeaning = { kind: 'unknown' };

// Upvest refuses us, not this withdrawal: nothing moved, and nothing of the queue can. It waits, submitting is halted, a person is called.
const halted: ProblemMeaning = { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'halt' };

/** MAPPING.md, "Errors of a submit", by HTTP status and the last part of the problem's `type`. What is not here is unknown. 401 is the tokens' affair. */
export const PROBLEMS: Readonly<Record<string, ProblemMeaning>> = {
  '400 invalid_request': refused('invalid_request'),
  '400 bad_request': refused('invalid_request'), // the name in older samples
  '400 missing_idempotency_key': refused('malformed_request'),
  '400 missing_client_id': halted,
  '403 forbidden': halted,
  '404 not_found': refused('invalid_destination'),
  '406 not_acceptable': refused('malformed_request'),
  '409 conflict': unknown, // an earlier request with this key may be under way
  '422 unprocessable_entity': refused('refused_by_venue'), // too little cash is probably here
  '429 too_many_requests': { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'slow_down' },
  '500 internal': unknown,
  '502 bad_gateway': unknown,
  '503 unavailable': unknown, // the same key goes again in any case
  '504 gateway_timeout': unknown,
};

/** Total: a pair of status and name that nobody documented is unknown, never a refusal. */
export function meaningOf(status: number, name: string | null): ProblemMeaning {
  const pair = `${status} ${name ?? ''}`;
  return (Object.hasOwn(PROBLEMS, pair) ? PROBLEMS[pair] : undefined) ?? unknown;
}
