import type { VenueCapabilities } from '@sluice/connector-core';
import type { RateRules } from '@sluice/connector-runtime';

/** Sheet §5: keys are kept for at least a day; an hour less leaves room for a request under way. */
export const REPLAY_FOR_MS = 23 * 3_600_000;

const MOST_REPEATS = 30; // with the growing pauses between them about two hours

/** What Upvest can pay, and what its answers prove. `absenceAfterMs`: how long look-ups stay empty until a person is asked. */
export function upvestCapabilities(absenceAfterMs: number, replayForMs: number): VenueCapabilities {
  return {
    venue: 'upvest',
    forms: [
      {
        form: 'withdrawal',
        destination: 'reference_account',
        accountKinds: [],
        assets: ['EUR.SEPA'],
        recovery: 'replay',
        absence: { emptyLookups: 4, afterMs: absenceAfterMs },
        maxResends: MOST_REPEATS,
        replayForMs,
        cancellable: true,
        submitEndpoint: 'POST /payments/withdrawals',
      },
    ],
  };
}

/** The sandbox lets 300 requests through each second (sheet §1); these add up to less. */
export const UPVEST_RATE_RULES: RateRules = {
  'POST /payments/withdrawals': { limit: 100, perMs: 1_000 },
  'GET /payments/withdrawals/{id}': { limit: 60, perMs: 1_000 },
  'GET /account_groups/{id}/payments/withdrawals': { limit: 100, perMs: 1_000 },
  'DELETE /payments/withdrawals/{id}': { limit: 20, perMs: 1_000 },
  'POST /auth/token': { limit: 2, perMs: 1_000 },
};
