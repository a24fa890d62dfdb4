import type { SubmitOutcome } from './venue-adapter.js';

/**
 * Converts the response to a repeated request into a proof about the payment. An acceptance proves
 * a single payment. Any other response proves no fact, even a refusal or an unsent request: the
 * response concerns the repeat, and the first request may have been paid.
 */
export function repeatOutcome(outcome: SubmitOutcome): SubmitOutcome {
  switch (outcome.kind) {
    case 'accepted':
    case 'unknown':
      return outcome;
    case 'refused':
      return {
        kind: 'unknown',
        cause: `refused when it was repeated: ${outcome.message}`,
        evidence: outcome.evidence,
      };
    case 'not_sent':
      return {
        kind: 'unknown',
        cause: `not repeated: ${outcome.cause}`,
        evidence: outcome.evidence,
      };
  }
}
