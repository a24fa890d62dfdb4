import {
  evidenceOf,
  foreignOutcome,
  notConnected,
  type VenueAnswer,
} from '@sluice/connector-engine';
import {
  acceptedOutcome,
  type AnswerEvidence,
  type CodeMeaning,
  outcomeOfCode,
  type RefusalBasis,
  type SubmitOutcome,
  UNLISTED_CODE,
  type VenueCancelOutcome,
} from '@sluice/connector-rules';
import { isObject } from '@sluice/kernel';
import { labelOf, pauseOf } from './gateio.client.js';
import { textOf } from './gateio.mapping.js';

const TOO_MANY_MS = 3_000;

/** Outcome proven by a submit's response. An unlisted label is an ambiguous refusal; else unknown. */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  if (answer.kind === 'not_sent') return notConnected(answer);
  if (answer.kind === 'foreign') return foreignOutcome(answer);
  const evidence = evidenceOf(answer);
  if (answer.kind === 'broken') return { kind: 'unknown', cause: answer.cause, evidence };
  // The limiter in front of the service sends 429: the service has not processed the request.
  if (answer.status === 429)
    return {
      kind: 'not_sent',
      retryAfterMs: pauseOf(answer),
      cause: 'status 429',
      throttle: 'slow_down',
      evidence,
    };
  const label = labelOf(answer);
  const isSuccess = answer.status >= 200 && answer.status < 300;
  if (isSuccess && label === null) return acceptedOutcome(idOf(answer.json), evidence);
  const isReadable = isSuccess || (answer.status >= 400 && answer.status < 500);
  // A refusal that names a payment refuses no payment.
  if (!isReadable || idOf(answer.json) !== '')
    return { kind: 'unknown', cause: describe(answer), evidence };
  const outcome = byLabel(label, answer, evidence);
  // No source describes a refusal with the status of a success.
  if (!isSuccess) return outcome;
  return outcome.kind === 'refused'
    ? { ...outcome, basis: 'ambiguous' }
    : { kind: 'unknown', cause: describe(answer), evidence };
}

/** Reads the response to a DELETE. The record's final status decides. A retry does no harm. */
export function cancelOutcome(answer: VenueAnswer): VenueCancelOutcome {
  if (answer.kind === 'answer' && answer.status >= 200 && answer.status < 300)
    return { kind: 'requested' };
  const label = labelOf(answer);
  if (label === 'INVALID_WITHDRAW_CANCEL_STATUS')
    return { kind: 'refused', message: 'Gate can no longer stop it' };
  if (label === 'INVALID_WITHDRAW_ID')
    return { kind: 'refused', message: 'Gate has no withdrawal of this id to stop' };
  const meaning = meaningOf(label);
  const retryAfterMs = meaning.kind === 'not_sent' ? meaning.retryAfterMs : TOO_MANY_MS;
  return { kind: 'unknown', retryAfterMs, cause: label ?? describe(answer) };
}

export function describe(answer: VenueAnswer): string {
  if (answer.kind !== 'answer') return answer.cause;
  return `status ${answer.status} ${labelOf(answer) ?? ''}`.trim();
}

function idOf(json: unknown): string {
  return isObject(json) ? textOf(json['id']) : '';
}

function byLabel(
  label: string | null,
  answer: Extract<VenueAnswer, { kind: 'answer' }>,
  evidence: AnswerEvidence,
): SubmitOutcome {
  const message = messageOf(answer.json);
  return outcomeOfCode(meaningOf(label, message), {
    venueCode: label,
    message,
    cause: `status ${answer.status} ${label ?? '(no label)'}`,
    evidence,
  });
}

function messageOf(json: unknown): string {
  const text = isObject(json) ? textOf(json['message']) || textOf(json['detail']) : '';
  return text === '' ? 'Gate gave no reason' : text.slice(0, 500);
}

// The manual's list covers all calls, and no source states that a withdrawal is validated first.
// ADR 10 bounds the consequences.
const refused = (reason: string): CodeMeaning => ({
  kind: 'refused',
  basis: 'validation',
  reason,
});
// Documented for trading orders only, or known to have another meaning: a payment may exist.
const ambiguous = (reason: string): CodeMeaning => ({
  kind: 'refused',
  basis: 'ambiguous',
  reason,
});
const malformed = refused('malformed_request');

// The venue refuses our key: nothing moved, the queue waits, submitting halts, a person is alerted.
const halted: CodeMeaning = { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'halt' };
const unknown: CodeMeaning = { kind: 'unknown' };
const unlisted = ambiguous(UNLISTED_CODE);
// The venue takes no withdrawals of this asset now: other assets go on, and the next venue pays.
const closed = (basis: RefusalBasis): CodeMeaning => ({
  kind: 'refused',
  basis,
  reason: 'withdrawals_closed',
  closes: 'asset',
});
const notBooked = refused('address_not_in_book');

/** All labels of MAPPING.md, "Errors of a submit". Any other label is an ambiguous refusal. */
export const LABELS: Readonly<Record<string, CodeMeaning>> = {
  INVALID_PARAM_VALUE: refused('invalid_request'),
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
  API_WITHDRAW_DISABLED: closed('validation'), // of this chain, as seen
  REQUEST_EXPIRED: { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'pause' }, // the clock is read again meanwhile
  ADDRESS_NOT_USED: notBooked,
  BALANCE_NOT_ENOUGH: refused('insufficient_venue_funds'),
  QUANTITY_NOT_ENOUGH: ambiguous('insufficient_venue_funds'), // documented for trading orders
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
  // Labels of a cancel.
  INVALID_WITHDRAW_ID: unlisted,
  INVALID_WITHDRAW_CANCEL_STATUS: unlisted,
  INTERNAL: unknown,
  SERVER_ERROR: unknown,
  TOO_BUSY: unknown,
};

/** Gate names an address never used on the website by this text too, under the label of any bad value. */
const NOT_USED = /only (used|verified) addresses/i;

function meaningOf(label: string | null, message = ''): CodeMeaning {
  if (label === 'INVALID_PARAM_VALUE' && NOT_USED.test(message)) return notBooked;
  if (label === null) return unknown;
  return (Object.hasOwn(LABELS, label) ? LABELS[label] : undefined) ?? unlisted;
}
