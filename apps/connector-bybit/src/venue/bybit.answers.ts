import { evidenceOf, outcomeOfAnswer, type VenueAnswer } from '@sluice/connector-engine';
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
  type VenueCancelOutcome,
} from '@sluice/connector-rules';
import { isObject } from '@sluice/kernel';
import { BAN_MS, codeOf, isBlocked, pauseOf, resultOf } from './bybit.client.js';

type Spoken = Extract<VenueAnswer, { kind: 'answer' | 'broken' }>;

const ASK_AGAIN_MS = 3_000;

/** Returns the outcome proven by the answer to a create. An unlisted answer is unknown. */
export function submitOutcome(answer: VenueAnswer): SubmitOutcome {
  const outcome =
    answer.kind === 'broken' && isBlocked(answer)
      ? outcomeOf(BLOCKED, answer, evidenceOf(answer))
      : outcomeOfAnswer(answer, judge);
  return { ...outcome, evidence: masked(outcome.evidence) };
}

function judge(
  answer: Extract<VenueAnswer, { kind: 'answer' }>,
  evidence: AnswerEvidence,
): SubmitOutcome {
  if (isBlocked(answer)) return outcomeOf(BLOCKED, answer, evidence);
  const code = codeOf(answer);
  if (code === '0' && answer.status === 200) return accepted(answer, evidence);
  const isReadable = answer.status === 200 || (answer.status >= 400 && answer.status < 500);
  // A refusal that names a payment refuses no payment.
  if (!isReadable || code === '0' || idOf(answer.json) !== undefined)
    return { kind: 'unknown', cause: describe(answer), evidence };
  const meaning = STATUSES[answer.status] ?? meaningOf(code, messageOf(answer));
  return outcomeOf(meaning, answer, evidence);
}

function idOf(json: unknown): unknown {
  const result = isObject(json) ? json['result'] : undefined;
  return isObject(result) ? result['id'] : undefined;
}

/** A success means accepted only with `status` 1; 0 is a refusal. Asking again does no harm. */
export function cancelOutcome(answer: VenueAnswer): VenueCancelOutcome {
  const status = resultOf(answer)?.['status'];
  if (status === 1) return { kind: 'requested' };
  if (status === 0) return { kind: 'refused', message: 'Bybit can no longer stop it' };
  const code = codeOf(answer);
  if (code === '131099') return { kind: 'refused', message: 'Bybit is already sending it' };
  if (code === '131002' || code === '10001')
    return { kind: 'refused', message: 'Bybit has no withdrawal of this id to stop' };
  const meaning = meaningOf(code, messageOf(answer));
  return {
    kind: 'unknown',
    retryAfterMs: meaning.kind === 'not_sent' ? meaning.retryAfterMs : ASK_AGAIN_MS,
    cause: describe(answer),
  };
}

/** Returns `retMsg`; the text is trusted only for two codes (MAPPING.md). */
export function messageOf(answer: VenueAnswer): string {
  return answer.kind === 'answer' &&
    isObject(answer.json) &&
    typeof answer.json['retMsg'] === 'string'
    ? answer.json['retMsg'].slice(0, 500)
    : '';
}

/** Describes a fault for logs and evidence. */
export function describe(answer: VenueAnswer): string {
  if (answer.kind !== 'answer') return answer.cause;
  const code = codeOf(answer);
  return code === null ? `status ${answer.status}` : `status ${answer.status}, retCode ${code}`;
}

function accepted(answer: VenueAnswer, evidence: AnswerEvidence): SubmitOutcome {
  const id = resultOf(answer)?.['id'];
  return acceptedOutcome(typeof id === 'string' ? id : '', evidence);
}

function outcomeOf(meaning: CodeMeaning, answer: Spoken, evidence: AnswerEvidence): SubmitOutcome {
  const asksForPause =
    meaning.kind === 'not_sent' && meaning.throttle === 'slow_down' && answer.kind === 'answer';
  return outcomeOfCode(
    asksForPause ? { ...meaning, retryAfterMs: pauseOf(answer, meaning.retryAfterMs) } : meaning,
    {
      venueCode: codeOf(answer) ?? String(answer.status),
      message: messageOf(answer) || 'Bybit gave no reason',
      cause: describe(answer),
      evidence,
    },
  );
}

/** Removes `origin_string`: the error text of a wrong signature repeats our key. */
function masked({ status, body }: AnswerEvidence): AnswerEvidence {
  return { status, body: body.replace(/origin_string\[[^"]*/, 'origin_string[***]') };
}

const noFunds = validated('insufficient_venue_funds');
const notBooked = validated('address_not_in_book');
const badRecipient = validated('invalid_destination');
const clock: CodeMeaning = { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'pause' }; // the clock is read again meanwhile

/** Every code of MAPPING.md, "Errors of a create". Any other code is an ambiguous refusal. */
export const CODES: Readonly<Record<string, CodeMeaning>> = {
  ...codes(NOT_KNOWN, '10000 10014 10016 429 131003 131200 131201 131082 131230'),
  // 131001: the text may add information; 131099: code of a cancel
  ...codes(NOT_KNOWN, '131001 131099'),
  ...codes(HALTED, '10003 33004 -2015 10004 10005 10007 10008 10009 10010 10024 10027 10028 10017'),
  ...codes(HALTED, '131004 131065 131089 131090 131091 131092'), // identity checks, holds and bans of our own account
  '10002': clock,
  '10006': { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'slow_down' },
  '131084': { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'pause' }, // the account is being upgraded
  '10001': validated('malformed_request'),
  // "Withdraw address chain or destination tag are not equal": the address book lacks the recipient
  ...codes(notBooked, '131002 131203'),
  ...codes(validated('invalid_amount'), '131210 131215'),
  ...codes(noFunds, '131085 131086 131087 131212 131228'),
  // account faults, found at an undocumented time
  ...codes(ambiguous('invalid_request'), '131204 131207'),
  // documented for transfers between accounts
  ...codes(UNLISTED, '131202 131205 131206 131208 131209 131211 131213 131214 131216 131217'),
  '90034': closedAsset('ambiguous'), // undocumented: seen for a suspended chain
  ...codes(validated('limit'), '131080 131088 131095 131096'),
  ...codes(validated('travel_rule'), '131068 131070 131071 131072 131073 131074'),
  ...codes(ambiguous('travel_rule'), '131067 131069'), // judgement by another party
  ...codes(badRecipient, '131075 131076 131077 131078 131079 131081'),
  ...codes(notBooked, '131083 131093 131094'),
  '131066': validated('not_supported'), // the address is not supported for now
  '131098': validated('address_not_usable_yet'),
  '131097': closedAsset('validation'),
  ...codes(ambiguous('compliance', 'Bybit restricts the account'), '131226 131229'),
};

/** Bybit's own block of our IP address. */
const BLOCKED: CodeMeaning = { kind: 'not_sent', retryAfterMs: BAN_MS, throttle: 'pause' };

/** CodeMeaning of HTTP statuses in answers of Bybit, regardless of the code; undefined if the code decides. */
const STATUSES: Readonly<Record<number, CodeMeaning>> = {
  401: HALTED,
  404: HALTED, // wrong host or path: our configuration
  429: { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'slow_down' },
};

/** Meaning of a code. Unlisted: an ambiguous refusal. Three codes are told apart by their text. */
function meaningOf(code: string | null, message: string): CodeMeaning {
  if (code === '131001') return ofServiceError(message);
  if (code === '131002' && /timestamp/i.test(message)) return clock;
  if (code === '131002' && /address is invalid/i.test(message)) return badRecipient;
  const isUnlistedSuccess =
    code !== null && !Object.hasOwn(CODES, code) && /^\s*(ok|success)\s*$/i.test(message);
  return isUnlistedSuccess ? NOT_KNOWN : meaningIn(CODES, code);
}

/** True for the two answers reporting a wrong clock of ours. */
export function isClockFault(code: string | null, message: string): boolean {
  return meaningOf(code, message) === clock;
}

/** Texts of a fault of the service: a balance not read in time is no lack of funds. */
const TROUBLE = /time[sd]?[ -]?out|internal|system|busy|unavailable|again|fail|exception/i;

/**
 * Bybit's FAQ names this code for a low balance. The text counts only without a word of service
 * trouble.
 */
function ofServiceError(message: string): CodeMeaning {
  if (TROUBLE.test(message)) return NOT_KNOWN;
  if (/\b(balance|insufficient)\b/i.test(message)) return noFunds;
  return /\b(param|params|parameter|parameters|chain|address)\b/i.test(message)
    ? ambiguous('invalid_request')
    : NOT_KNOWN;
}
