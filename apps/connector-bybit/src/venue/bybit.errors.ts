import type { RefusalBasis, Throttle } from '@sluice/connector-rules';
import { BAN_MS } from './bybit.client.js';

/** What an answer proves about a create. Reasons are ours and stable; the venue's code travels beside them. */
export type Meaning =
  | { kind: 'refused'; basis: RefusalBasis; reason: string; alarm?: string }
  | { kind: 'not_sent'; retryAfterMs: number; throttle: Throttle }
  | { kind: 'unknown' };

// The documentation's list of errors describes it as a fault of the request, its limits, its recipient or the balance, found before
// anything is executed.
const refused = (reason: string): Meaning => ({ kind: 'refused', basis: 'validation', reason });
// Described for another call, or a judgement that may come after the withdrawal was made: a payment may exist.
const ambiguous = (reason: string): Meaning => ({ kind: 'refused', basis: 'ambiguous', reason });
const malformed = refused('malformed_request');
const noFunds = refused('insufficient_venue_funds');
const limit = refused('limit');
const travelRule = refused('travel_rule');
const notBooked = refused('address_not_in_book');
const badRecipient = refused('invalid_destination');
const alarming = (reason: string): Meaning => ({
  kind: 'refused',
  basis: 'ambiguous',
  reason,
  alarm: 'Bybit restricts the account',
});

// The venue refuses us, not this withdrawal: nothing moved, and nothing of the queue can. Refusing a customer for our account's
// sake would be wrong, burning the queue worse: it waits, submitting is halted, a person is called.
const halted: Meaning = { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'halt' };
const unknown: Meaning = { kind: 'unknown' };
const clock: Meaning = { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'pause' }; // the clock is read again meanwhile

/** Every code of MAPPING.md, "Errors of a create". What is not here is unknown. */
export const CODES: Readonly<Record<string, Meaning>> = {
  ...same(
    unknown,
    '10000 10014 10016 429 131003 131200 131201 131082 131230 131202 131205 131206 131208 131209 131211 131213 131214 131216 131217',
  ),
  ...same(unknown, '131001 131099'), // 131001: its text may say more; 131099: of a cancel
  ...same(halted, '10003 33004 -2015 10004 10005 10007 10008 10009 10010 10024 10027 10028 10017'),
  ...same(halted, '131004 131065 131089 131090 131091 131092'), // identity checks, holds and bans of our own account
  '10002': clock,
  '10006': { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'slow_down' },
  '131084': { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'pause' }, // the account is being upgraded
  '10001': malformed,
  ...same(refused('invalid_request'), '131002 131203'),
  ...same(refused('invalid_amount'), '131210 131215'),
  ...same(noFunds, '131085 131086 131087 131212 131228'),
  ...same(ambiguous('invalid_request'), '131204 131207'), // faults of an account, found at a time that no source names
  ...same(limit, '131080 131088 131095 131096'),
  ...same(travelRule, '131068 131070 131071 131072 131073 131074'),
  ...same(ambiguous('travel_rule'), '131067 131069'), // somebody else's judgement
  ...same(badRecipient, '131066 131075 131076 131077 131078 131079 131081'),
  ...same(notBooked, '131083 131093 131094'),
  '131098': refused('address_not_usable_yet'),
  '131097': refused('not_supported'), // withdrawals of this coin are closed
  ...same(alarming('compliance'), '131226 131229'),
};

/** Of an HTTP status that the gateway in front of the API writes, whatever the body; undefined for those that leave it to the body. */
export const STATUSES: Readonly<Record<number, Meaning>> = {
  400: malformed,
  401: halted,
  403: { kind: 'not_sent', retryAfterMs: BAN_MS, throttle: 'pause' },
  404: halted, // wrong host or path: our configuration
  429: { kind: 'not_sent', retryAfterMs: 1_000, throttle: 'slow_down' },
};

/** Total: a code nobody documented is unknown, never a refusal. Two codes say what they mean only in their text. */
export function meaningOf(code: string | null, message: string): Meaning {
  if (code === '131001') return ofServiceError(message);
  if (code === '131002' && /timestamp/i.test(message)) return clock;
  return (code !== null && Object.hasOwn(CODES, code) ? CODES[code] : undefined) ?? unknown;
}

/** True for the two answers that mean: your clock is wrong. */
export function isClockFault(code: string | null, message: string): boolean {
  return meaningOf(code, message) === clock;
}

/** Texts of trouble that is the service's own: a balance that could not be read in time is no lack of funds. */
const TROUBLE = /time[sd]?[ -]?out|internal|system|busy|unavailable|again|fail|exception/i;

/** Bybit's own questions and answers name this code for a balance that is too low. The text counts only where it names the balance or a parameter, as a whole word, and nothing else. */
function ofServiceError(message: string): Meaning {
  if (TROUBLE.test(message)) return unknown;
  if (/\b(balance|insufficient)\b/i.test(message)) return noFunds;
  return /\b(param|params|parameter|parameters|chain|address)\b/i.test(message)
    ? ambiguous('invalid_request')
    : unknown;
}

function same(meaning: Meaning, codes: string): Record<string, Meaning> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, meaning]));
}
