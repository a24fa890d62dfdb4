import type { SubmitOutcome } from './venue-adapter.js';

/**
 * What the answer to a repeated request proves about its payment: an acceptance, that it is paid once. Nothing else proves
 * anything, not even a refusal or a request that was not sent: that is said of the repeat, and the first one may have been paid.
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
