import type { AnswerEvidence, SubmitOutcome } from '@sluice/connector-rules';
import type { VenueAnswer } from './venue-http.js';

const RECONNECT_MS = 1_000;
const MOST_CHARACTERS = 2_048;

interface Answered {
  readonly status: number | null;
  readonly text: string;
}

export function evidenceOf({ status, text }: Answered): AnswerEvidence {
  return { status, body: text.slice(0, MOST_CHARACTERS) };
}

/** Outcome of a submit. Only an answer of the venue itself is for `judge`. */
export function outcomeOfAnswer(
  answer: VenueAnswer,
  judge: (
    answer: Extract<VenueAnswer, { kind: 'answer' }>,
    evidence: AnswerEvidence,
  ) => SubmitOutcome,
): SubmitOutcome {
  switch (answer.kind) {
    case 'answer':
      return judge(answer, evidenceOf(answer));
    case 'broken':
      return { kind: 'unknown', cause: answer.cause, evidence: evidenceOf(answer) };
    case 'foreign':
      return foreignOutcome(answer);
    case 'not_sent':
      return notConnected(answer);
  }
}

/** Returns the outcome of a submit without a connection: nothing was sent. */
function notConnected({ cause }: { readonly cause: string }): SubmitOutcome {
  return {
    kind: 'not_sent',
    retryAfterMs: RECONNECT_MS,
    cause,
    throttle: 'pause',
    evidence: { status: null, body: '' },
  };
}

/**
 * Outcome of a submit answered by another party. Only a rate limit proves that nothing arrived.
 * `isForeign`: a refusal or maintenance page, which the whole rule of silence ends.
 */
function foreignOutcome(answer: Extract<VenueAnswer, { kind: 'foreign' }>): SubmitOutcome {
  const { status, cause, retryAfterMs } = answer;
  const evidence = evidenceOf(answer);
  return status === 429
    ? { kind: 'not_sent', retryAfterMs: Math.max(retryAfterMs, RECONNECT_MS), cause, evidence }
    : { kind: 'unknown', cause, ...(isRefusal(status) && { isForeign: true }), evidence };
}

function isRefusal(status: number): boolean {
  return (status >= 400 && status < 500) || status === 503;
}
