import { UNLISTED_CODE, type RefusalBasis, type Throttle } from '@sluice/connector-rules';

/**
 * Proof contained in an error answer to a withdrawal POST. Reasons are our own stable names; the
 * venue's name is reported separately.
 */
type ProblemMeaning =
  | { kind: 'refused'; basis: RefusalBasis; reason: string }
  | { kind: 'not_sent'; retryAfterMs: number; throttle: Throttle }
  | { kind: 'unknown' };

// The API reference describes each error mapped to `refused` as a request fault, found before
// execution.
const refused = (reason: string): ProblemMeaning => ({
  kind: 'refused',
  basis: 'validation',
  reason,
});
const unknown: ProblemMeaning = { kind: 'unknown' };

// Upvest refuses the connector, not the withdrawal: no money moved, and no queued withdrawal can
// succeed. The withdrawal waits, submitting is halted, and a person is called.
const halted: ProblemMeaning = { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'halt' };

/**
 * Error table of MAPPING.md, "Errors of a submit", keyed by HTTP status and the last part of the
 * problem's `type`. `UpvestTokens` handles 401.
 */
export const PROBLEMS: Readonly<Record<string, ProblemMeaning>> = {
  '400 invalid_request': refused('invalid_request'),
  '400 bad_request': refused('invalid_request'), // the name in older samples
  '400 missing_idempotency_key': refused('malformed_request'),
  '400 missing_client_id': halted,
  '403 forbidden': halted,
  '404 not_found': refused('invalid_destination'),
  '406 not_acceptable': refused('malformed_request'),
  '409 conflict': unknown, // an earlier request with this key may be under way
  '422 unprocessable_entity': refused('refused_by_venue'), // probably includes insufficient cash
  '429 too_many_requests': { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'slow_down' },
  '500 internal': unknown,
  '502 bad_gateway': unknown,
  '503 unavailable': unknown, // the same key goes again in any case
  '504 gateway_timeout': unknown,
};

/**
 * Returns the meaning of status and name. Total: an unlisted problem with a status 4xx is an
 * ambiguous refusal; with any other status, or without a name, the outcome is unknown.
 */
export function meaningOf(status: number, name: string | null): ProblemMeaning {
  const pair = `${status} ${name ?? ''}`;
  if (Object.hasOwn(PROBLEMS, pair)) return PROBLEMS[pair] ?? unknown;
  const isRefusal = name !== null && status >= 400 && status < 500;
  return isRefusal ? { kind: 'refused', basis: 'ambiguous', reason: UNLISTED_CODE } : unknown;
}
