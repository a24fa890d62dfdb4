import type { AnswerEvidence, SubmitOutcome } from '@sluice/connector-rules';

const RECONNECT_MS = 1_000;
const MOST_CHARACTERS = 2_048;

interface Answered {
  readonly status: number | null;
  readonly text: string;
}

/** Returns the recorded part of a venue's answer: the status, and the body, truncated. */
export function evidenceOf({ status, text }: Answered): AnswerEvidence {
  return { status, body: text.slice(0, MOST_CHARACTERS) };
}

/** Returns the outcome of a submit without a connection: nothing was sent. */
export function notConnected({ cause }: { readonly cause: string }): SubmitOutcome {
  return {
    kind: 'not_sent',
    retryAfterMs: RECONNECT_MS,
    cause,
    throttle: 'pause',
    evidence: { status: null, body: '' },
  };
}
