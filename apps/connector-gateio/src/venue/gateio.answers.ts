import { outcomeOfAnswer, type VenueAnswer } from '@sluice/connector-engine';
import {
  acceptedOutcome,
  ambiguous,
  type AnswerEvidence,
  closedAsset,
  type CodeMeaning,
  codes,
  HALTED,
  meaningIn,
  NOT_KNOWN,
  outcomeOfCode,
  type SubmitOutcome,
  tooManyRequests,
  UNLISTED,
  validated,
  type VenueCancelOutcome,
} from '@sluice/connector-rules';
import { isObject } from '@sluice/kernel';
import { labelOf, pauseOf } from './gateio.client.js';
import { textOf } from './gateio.mapping.js';

type OwnAnswer = Extract<VenueAnswer, { kind: 'answer' }>;

const TOO_MANY_MS = 3_000;

/** Outcome proven by a submit's response. An unlisted label is an ambiguous refusal; else unknown. */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  return outcomeOfAnswer(answer, judge);
}

function judge(answer: OwnAnswer, evidence: AnswerEvidence): SubmitOutcome {
  if (answer.status === 429) return tooManyRequests(pauseOf(answer), evidence);
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

function byLabel(label: string | null, answer: OwnAnswer, evidence: AnswerEvidence): SubmitOutcome {
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

const notBooked = validated('address_not_in_book');

/**
 * All labels of MAPPING.md, "Errors of a submit". Validated: the manual's list covers all calls,
 * and no source states that a withdrawal is validated first. ADR 10 bounds the consequences.
 */
export const LABELS: Readonly<Record<string, CodeMeaning>> = {
  INVALID_PARAM_VALUE: validated('invalid_request'),
  ...codes(
    validated('malformed_request'),
    `INVALID_PROTOCOL INVALID_ARGUMENT INVALID_REQUEST_BODY MISSING_REQUIRED_PARAM BAD_REQUEST
    INVALID_CONTENT_TYPE NOT_ACCEPTABLE NOT_FOUND MISSING_REQUIRED_HEADER INVALID_CLIENT_ORDER_ID`,
  ),
  METHOD_NOT_ALLOWED: ambiguous('malformed_request'), // has stood for throttling
  ...codes(
    HALTED,
    `INVALID_CREDENTIALS INVALID_KEY INVALID_SIGNATURE IP_FORBIDDEN READ_ONLY FORBIDDEN
    ACCOUNT_LOCKED SUB_ACCOUNT_NOT_FOUND SUB_ACCOUNT_LOCKED ACCOUNT_EXCEPTION`,
  ),
  API_WITHDRAW_DISABLED: closedAsset('validation'), // of this chain, as seen
  REQUEST_EXPIRED: { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'pause' }, // the clock is read again meanwhile
  ADDRESS_NOT_USED: notBooked,
  BALANCE_NOT_ENOUGH: validated('insufficient_venue_funds'),
  QUANTITY_NOT_ENOUGH: ambiguous('insufficient_venue_funds'), // documented for trading orders
  ...codes(validated('limit'), 'AMOUNT_TOO_LITTLE AMOUNT_TOO_MUCH WITHDRAWAL_OVER_LIMIT'),
  INVALID_PRECISION: validated('invalid_amount'),
  INVALID_CURRENCY: validated('not_supported'),
  ...codes(
    { kind: 'not_sent', retryAfterMs: 3_000, throttle: 'slow_down' },
    'TOO_FAST TOO_MANY_REQUESTS',
  ),
  // An earlier try of ours has probably landed.
  ...codes(NOT_KNOWN, 'DUPLICATE_REQUEST ORDER_EXISTS'),
  // Labels of a cancel.
  ...codes(UNLISTED, 'INVALID_WITHDRAW_ID INVALID_WITHDRAW_CANCEL_STATUS'),
  ...codes(NOT_KNOWN, 'INTERNAL SERVER_ERROR TOO_BUSY'),
};

/** Gate names an address never used on the website by this text too, under the label of any bad value. */
const NOT_USED = /only (used|verified) addresses/i;

function meaningOf(label: string | null, message = ''): CodeMeaning {
  return label === 'INVALID_PARAM_VALUE' && NOT_USED.test(message)
    ? notBooked
    : meaningIn(LABELS, label);
}
