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
  UNLISTED,
  validated,
} from '@sluice/connector-rules';
import { isObject } from '@sluice/kernel';
import { codeOf, dataOf, pauseOf } from './bitmart.client.js';
import { textOf } from './bitmart.mapping.js';

type OwnAnswer = Extract<VenueAnswer, { kind: 'answer' }>;

const ACCEPTED = 1000;

/**
 * Outcome proven by the code of a submit's answer. With status 5xx a refusal is ambiguous, and an
 * unlisted code proves nothing.
 */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  return outcomeOfAnswer(answer, judge);
}

function judge(answer: OwnAnswer, evidence: AnswerEvidence): SubmitOutcome {
  const cause = describe(answer);
  const code = codeOf(answer);
  if (code === ACCEPTED) return accepted(answer, evidence);
  const isServerFault = answer.status >= 500;
  const isRefusal = answer.status === 200 || (answer.status >= 400 && !isServerFault);
  const isListed = code !== null && Object.hasOwn(CODES, code);
  // A refusal that names a payment refuses no payment.
  if (namesPayment(answer.json) || (!isListed && !(isRefusal && isNegative(answer))))
    return { kind: 'unknown', cause, evidence };
  return outcomeOfCode(meaningAt(answer, code), {
    venueCode: String(code),
    message: messageOf(answer),
    cause,
    evidence,
  });
}

/** Meaning of the code with this status and with the pause that the answer asks for. */
function meaningAt(answer: OwnAnswer, code: ReturnType<typeof codeOf>): CodeMeaning {
  const meaning = meaningIn(CODES, code);
  if (meaning.kind === 'refused' && answer.status >= 500) return { ...meaning, basis: 'ambiguous' };
  return meaning.kind === 'not_sent'
    ? { ...meaning, retryAfterMs: pauseOf(answer, meaning.retryAfterMs) }
    : meaning;
}

export function describe(answer: VenueAnswer): string {
  if (answer.kind !== 'answer') return answer.cause;
  return `status ${answer.status}, code ${codeOf(answer) ?? '(none)'}`;
}

function accepted(answer: VenueAnswer, evidence: AnswerEvidence): SubmitOutcome {
  const id = textOf(dataOf(answer)?.['withdraw_id']);
  return acceptedOutcome(id, evidence, `${describe(answer)}, without a withdraw_id`);
}

/** False for the code 0 and the texts of a success. */
function isNegative(answer: VenueAnswer): boolean {
  return codeOf(answer) !== 0 && !/^\s*(ok|success)\s*$/i.test(messageOf(answer));
}

function namesPayment(json: unknown): boolean {
  const data = isObject(json) ? json['data'] : undefined;
  return isObject(data) && textOf(data['withdraw_id']) !== '';
}

function messageOf(answer: VenueAnswer): string {
  const text =
    answer.kind === 'answer' && isObject(answer.json) ? textOf(answer.json['message']) : '';
  return text === '' ? 'BitMart gave no reason' : text.slice(0, 500);
}

// The account or venue is closed: the withdrawal may fail over, and a person is informed.
const shut = (alarm: string): CodeMeaning => validated('venue_restricted', alarm);
const NO_WITHDRAWALS = 'the account may not withdraw';

/** All codes of a submit (MAPPING.md, "Errors of a submit"). Any other code is an ambiguous refusal. */
export const CODES: Readonly<Record<string, CodeMeaning>> = {
  // 30018 comes with 503: the code counts
  ...codes(validated('malformed_request'), '30000 30018 60030 60031'),
  // 30017: we went on in spite of 30013, a person must look
  ...codes(HALTED, '30001 30002 30003 30004 30005 30006 30008 30010 30011 30012 30017 30019'),
  '30007': { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'pause' }, // the clock is read again meanwhile
  '30013': { kind: 'not_sent', retryAfterMs: 2_000, throttle: 'slow_down' },
  '30016': { kind: 'not_sent', retryAfterMs: 30_000, throttle: 'pause' },
  // 30014: responding party unknown; 60052: unknown in spite of the HTTP status 400;
  // 61004: "duplicate", an earlier request may have been executed
  ...codes(NOT_KNOWN, '30014 60050 60051 60052 61004'),
  ...codes(shut('the endpoint is retired'), '30030 30031'),
  ...codes(
    shut('the account is frozen or barred by the security or region policy'),
    '53000 53001 53008 60028 60029',
  ),
  ...codes(shut('the account lacks a verification step'), '53002 53006 53007 53009'),
  ...codes(shut(NO_WITHDRAWALS), '53003 53005 53010 60021 60022 60026 60027 60054 60056'),
  ...codes(
    ambiguous('venue_restricted', NO_WITHDRAWALS),
    '60057 60058 60059 60060 60061 60062 60063 61005 61006 61007 61008',
  ),
  ...codes(validated('invalid_request'), '60000 60001'),
  ...codes(validated('not_supported'), '60002 60012 60055'),
  '60004': closedAsset('validation'),
  ...codes(validated('limit'), '60005 60009 60064'),
  ...codes(validated('invalid_amount'), '60006 60013'),
  '60007': validated('address_not_in_book'), // not in the address book, or saved for another network
  '60008': validated('insufficient_venue_funds'),
  ...codes(validated('invalid_address'), '60011 60014'),
  '60015': validated('address_not_usable_yet'), // not verified
  ...codes(validated('invalid_destination'), '60053 60065'),
  // Documented for deposits, the detail endpoint, or the history.
  ...codes(UNLISTED, '60003 60010 60020 60066 60067'),
  // Documented for transfers between accounts of our own.
  '61000': ambiguous('invalid_amount'),
  '61001': ambiguous('insufficient_venue_funds'),
  '61003': ambiguous('invalid_request'),
};
