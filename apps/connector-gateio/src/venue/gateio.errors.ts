import type { RefusalBasis, Throttle } from '@sluice/connector-rules';

/** What a label proves about a POST of a withdrawal. Reasons are ours and stable; the venue's label travels beside them. */
export type LabelMeaning =
  | { kind: 'refused'; basis: RefusalBasis; reason: string }
  | { kind: 'not_sent'; retryAfterMs: number; throttle: Throttle }
  | { kind: 'unknown' };

// The manual's list of labels describes it as a fault of the request, of its limits or of the balance. That list is for all calls: no source
// states that POST /withdrawals checks before it executes. Balance, amounts, precision and currency stand there among the trading labels.
// ADR 69 bounds what rests on them.
const refused = (reason: string): LabelMeaning => ({
  kind: 'refused',
  basis: 'validation',
  reason,
});
// Described for an order of trading alone, or known to stand for something else: a payment may exist.
const ambiguous = (reason: string): LabelMeaning => ({
  kind: 'refused',
  basis: 'ambiguous',
  reason,
});
const malformed = refused('malformed_request');

// The venue refuses us, not this withdrawal: nothing moved, and nothing of the queue can. Refusing a customer for our key's
// sake would be wrong, burning the queue worse: it waits, submitting is halted, a person is called.
const halted: LabelMeaning = { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'halt' };
const unknown: LabelMeaning = { kind: 'unknown' };

/** Every label of MAPPING.md, "Errors of a submit". What is not here is unknown. */
export const LABELS: Readonly<Record<string, LabelMeaning>> = {
  INVALID_PARAM_VALUE: refused('invalid_request'), // also: an address that was never used or verified on the website
  INVALID_PROTOCOL: malformed,
  INVALID_ARGUMENT: malformed,
  INVALID_REQUEST_BODY: malformed,
  MISSING_REQUIRED_PARAM: malformed,
  BAD_REQUEST: malformed,
  INVALID_CONTENT_TYPE: malformed,
  NOT_ACCEPTABLE: malformed,
  NOT_FOUND: malformed,
  METHOD_NOT_ALLOWED: ambiguous('malformed_request'), // has stood for throttling
  MISSING_REQUIRED_HEADER: malformed,
  INVALID_CREDENTIALS: halted,
  INVALID_KEY: halted,
  INVALID_SIGNATURE: halted,
  IP_FORBIDDEN: halted,
  READ_ONLY: halted,
  FORBIDDEN: halted,
  ACCOUNT_LOCKED: halted,
  SUB_ACCOUNT_NOT_FOUND: halted,
  SUB_ACCOUNT_LOCKED: halted,
  ACCOUNT_EXCEPTION: halted,
  API_WITHDRAW_DISABLED: halted,
  REQUEST_EXPIRED: { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'pause' }, // the clock is read again meanwhile
  ADDRESS_NOT_USED: refused('invalid_address'),
  BALANCE_NOT_ENOUGH: refused('insufficient_venue_funds'),
  QUANTITY_NOT_ENOUGH: ambiguous('insufficient_venue_funds'), // of a trading order
  AMOUNT_TOO_LITTLE: refused('limit'),
  AMOUNT_TOO_MUCH: refused('limit'),
  WITHDRAWAL_OVER_LIMIT: refused('limit'),
  INVALID_PRECISION: refused('invalid_amount'),
  INVALID_CURRENCY: refused('not_supported'),
  INVALID_CLIENT_ORDER_ID: malformed,
  TOO_FAST: { kind: 'not_sent', retryAfterMs: 3_000, throttle: 'slow_down' },
  TOO_MANY_REQUESTS: { kind: 'not_sent', retryAfterMs: 3_000, throttle: 'slow_down' },
  // An earlier try of ours has probably landed.
  DUPLICATE_REQUEST: unknown,
  ORDER_EXISTS: unknown,
  // Of a cancel; in answer to a submit they prove nothing.
  INVALID_WITHDRAW_ID: unknown,
  INVALID_WITHDRAW_CANCEL_STATUS: unknown,
  INTERNAL: unknown,
  SERVER_ERROR: unknown,
  TOO_BUSY: unknown,
};

/** Total: a label nobody documented is unknown, never a refusal. */
export function meaningOf(label: string | null): LabelMeaning {
  return (label !== null && Object.hasOwn(LABELS, label) ? LABELS[label] : undefined) ?? unknown;
}
