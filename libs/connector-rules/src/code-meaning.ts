import type { AnswerEvidence, RefusalBasis, SubmitOutcome, Throttle } from './venue-adapter.js';

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
