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
} from '@sluice/connector-rules';
import { isObject } from '@sluice/kernel';
import { codeOf, dataOf, pauseOf } from './bitmart.client.js';
import { textOf } from './bitmart.mapping.js';

const ACCEPTED = 1000;

/**
 * Outcome proven by the code of a submit's answer. With status 5xx a refusal is ambiguous, and an
 * unlisted code proves nothing.
 */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  if (answer.kind === 'not_sent') return notConnected(answer);
  if (answer.kind === 'foreign') return foreignOutcome(answer);
  const evidence = evidenceOf(answer);
  const cause = describe(answer);
  if (answer.kind === 'broken') return { kind: 'unknown', cause, evidence };
  const code = codeOf(answer);
  if (code === ACCEPTED) return accepted(answer, evidence);
  const isServerFault = answer.status >= 500;
  const isRefusal = answer.status === 200 || (answer.status >= 400 && !isServerFault);
  // A refusal that names a payment refuses no payment.
  if (namesPayment(answer.json) || (!isListed(code) && !(isRefusal && isNegative(answer))))
    return { kind: 'unknown', cause, evidence };
  return outcomeOfCode(meaningAt(answer, code), {
    venueCode: String(code),
    message: messageOf(answer),
    cause,
    evidence,
  });
}

/** Meaning of the code with this status and with the pause that the answer asks for. */
function meaningAt(
  answer: Extract<VenueAnswer, { kind: 'answer' }>,
  code: ReturnType<typeof codeOf>,
): CodeMeaning {
  const meaning = meaningOf(code);
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

// Documented as a fault of the request, the balance or the rights, found before execution.
const refused = (reason: string): CodeMeaning => ({ kind: 'refused', basis: 'validation', reason });
// Described for another call, or hardly described: a payment may exist.
const ambiguous = (reason: string, alarm?: string): CodeMeaning => ({
  kind: 'refused',
  basis: 'ambiguous',
  reason,
  ...(alarm !== undefined && { alarm }),
});
const malformed = refused('malformed_request');
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

// The venue refuses our access, not this withdrawal: nothing was paid or can be sent.
const halted: CodeMeaning = { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'halt' };

// The account or venue is closed: the withdrawal may fail over, and a person is informed.
const shut = (alarm: string): CodeMeaning => ({
  kind: 'refused',
  basis: 'validation',
  reason: 'venue_restricted',
  alarm,
});
const accountShut = shut('the account may not withdraw');
const perhapsShut = ambiguous('venue_restricted', 'the account may not withdraw');
const securityShut = shut('the account is frozen or barred by the security or region policy');
const verification = shut('the account lacks a verification step');

/** All codes of a submit (MAPPING.md, "Errors of a submit"). Any other code is an ambiguous refusal. */
export const CODES: Readonly<Record<number, CodeMeaning>> = {
  30000: malformed,
  30001: halted,
  30002: halted,
  30003: halted,
  30004: halted,
  30005: halted,
  30006: halted,
  30007: { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'pause' }, // the clock is read again meanwhile
  30008: halted,
  30010: halted,
  30011: halted,
  30012: halted,
  30013: { kind: 'not_sent', retryAfterMs: 2_000, throttle: 'slow_down' },
  30014: unknown, // responding party unknown
  30016: { kind: 'not_sent', retryAfterMs: 30_000, throttle: 'pause' },
  30017: halted, // we went on in spite of 30013: a person must look
  30018: malformed, // comes with 503: the code counts
  30019: halted,
  30030: shut('the endpoint is retired'),
  30031: shut('the endpoint is retired'),
  53000: securityShut,
  53001: securityShut,
  53002: verification,
  53003: accountShut,
  53005: accountShut,
  53006: verification,
  53007: verification,
  53008: securityShut,
  53009: verification,
  53010: accountShut,
  60000: refused('invalid_request'),
  60001: refused('invalid_request'),
  60002: refused('not_supported'),
  60003: unlisted, // documented for deposits
  60004: closed('validation'),
  60005: refused('limit'),
  60006: refused('invalid_amount'),
  60007: notBooked, // not in the address book, or saved for another network
  60008: refused('insufficient_venue_funds'),
  60009: refused('limit'),
  60010: unlisted, // documented for the detail endpoint
  60011: refused('invalid_address'),
  60012: refused('not_supported'),
  60013: refused('invalid_amount'),
  60014: refused('invalid_address'),
  60015: refused('address_not_usable_yet'), // not verified
  60020: unlisted, // documented for deposits
  60021: accountShut,
  60022: accountShut,
  60026: accountShut,
  60027: accountShut,
  60028: securityShut,
  60029: securityShut,
  60030: malformed,
  60031: malformed,
  60050: unknown,
  60051: unknown,
  60052: unknown, // unknown in spite of the HTTP status 400
  60053: refused('invalid_destination'),
  60054: accountShut,
  60055: refused('not_supported'),
  60056: accountShut,
  60057: perhapsShut,
  60058: perhapsShut,
  60059: perhapsShut,
  60060: perhapsShut,
  60061: perhapsShut,
  60062: perhapsShut,
  60063: perhapsShut,
  60064: refused('limit'),
  60065: refused('invalid_destination'),
  60066: unlisted, // documented for the history
  60067: unlisted,
  // Documented for transfers between accounts of our own.
  61000: ambiguous('invalid_amount'),
  61001: ambiguous('insufficient_venue_funds'),
  61003: ambiguous('invalid_request'),
  61004: unknown, // "duplicate": an earlier request may have been executed
  61005: perhapsShut,
  61006: perhapsShut,
  61007: perhapsShut,
  61008: perhapsShut,
};

/** True for a code of the table. */
function isListed(code: number | null): boolean {
  return code !== null && Object.hasOwn(CODES, code);
}

function meaningOf(code: number | null): CodeMeaning {
  if (code === null) return unknown;
  return (isListed(code) ? CODES[code] : undefined) ?? unlisted;
}
