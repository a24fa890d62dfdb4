import {
  UNLISTED_CODE,
  type AnswerEvidence,
  type RefusalBasis,
  type SubmitOutcome,
  type Throttle,
} from './venue-adapter.js';

/** Meaning of a venue's code in answer to a submit. Reasons are ours and stable. */
export type CodeMeaning =
  | {
      readonly kind: 'refused';
      readonly basis: RefusalBasis;
      readonly reason: string;
      readonly alarm?: string;
      readonly closes?: 'asset';
    }
  | { readonly kind: 'not_sent'; readonly retryAfterMs: number; readonly throttle: Throttle }
  | { readonly kind: 'unknown' };

/** A refusal that the venue documents as a check before execution. */
export const validated = (reason: string, alarm?: string): CodeMeaning =>
  refusal('validation', reason, alarm);

/** A refusal documented for another call, or a judgement possibly made later: a payment may exist. */
export const ambiguous = (reason: string, alarm?: string): CodeMeaning =>
  refusal('ambiguous', reason, alarm);

/** The venue takes no withdrawals of this asset now: other assets go on, and the next venue pays. */
export const closedAsset = (basis: RefusalBasis): CodeMeaning => ({
  kind: 'refused',
  basis,
  reason: 'withdrawals_closed',
  closes: 'asset',
});

function refusal(basis: RefusalBasis, reason: string, alarm: string | undefined): CodeMeaning {
  return { kind: 'refused', basis, reason, ...(alarm !== undefined && { alarm }) };
}

/**
 * The venue refuses our access, not this withdrawal: nothing moved and nothing queued can move.
 * Submitting halts and a person is alerted, instead of refusing the customers.
 */
export const HALTED: CodeMeaning = { kind: 'not_sent', retryAfterMs: 60_000, throttle: 'halt' };
export const NOT_KNOWN: CodeMeaning = { kind: 'unknown' };
export const UNLISTED = ambiguous(UNLISTED_CODE);

/** Entries of a table: the same meaning for each of the codes, separated by spaces. */
export function codes(meaning: CodeMeaning, list: string): Record<string, CodeMeaning> {
  return Object.fromEntries(list.split(/\s+/).map((code) => [code, meaning]));
}

/** Total: an unlisted code is an ambiguous refusal, no code is unknown. */
export function meaningIn(
  table: Readonly<Record<string, CodeMeaning>>,
  code: string | number | null,
): CodeMeaning {
  if (code === null) return NOT_KNOWN;
  return (Object.hasOwn(table, code) ? table[code] : undefined) ?? UNLISTED;
}

interface ReportedAnswer {
  readonly venueCode: string | null;
  readonly message: string;
  readonly cause: string;
  readonly evidence: AnswerEvidence;
}

const LONGEST_ID = 128;

export function outcomeOfCode(
  meaning: CodeMeaning,
  { venueCode, message, cause, evidence }: ReportedAnswer,
): SubmitOutcome {
  switch (meaning.kind) {
    case 'refused':
      return { ...meaning, venueCode, message, evidence };
    case 'not_sent':
      return { ...meaning, cause, evidence };
    case 'unknown':
      return { kind: 'unknown', cause, evidence };
  }
}

/** Returns the outcome of a success with the payment's id. Without a usable id it is unknown. */
export function acceptedOutcome(
  id: string,
  evidence: AnswerEvidence,
  cause = 'a success without an id',
): SubmitOutcome {
  return id === '' || id.length > LONGEST_ID
    ? { kind: 'unknown', cause, evidence }
    : { kind: 'accepted', venueReference: id, evidence };
}
