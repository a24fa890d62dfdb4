import type {
  Honoured,
  ListingBound,
  ReturnBound,
  VenueCapabilities,
} from '@sluice/connector-rules';
import {
  BUILT_IN_BOUND,
  honouredBy,
  type HonouredSettings,
  type RateRules,
} from '@sluice/connector-engine';

/** Upvest keeps idempotency keys for at least a day; an hour less leaves time for a request in flight. */
export const REPLAY_FOR_MS = 23 * 3_600_000;

/** Life of our signatures in seconds, the same as in Upvest's own proxy. */
export const SIGNATURE_LIFE_S = 60;

export const HONOURED: Honoured = {
  forMs: SIGNATURE_LIFE_S * 1_000 + 60_000,
  source:
    'docs.upvest.co, HTTP message signatures: `expires`, which we set to 60 s after `created`; and 60 s for delays on the way and inside',
};

const MOST_REPEATS = 30; // about two hours with the growing backoff

/** Unconfirmed bound: 30 s, plus 5 s for processing between payment and answer. */
export const LISTED: ListingBound = {
  withinMs: 35_000,
  source:
    'unconfirmed, docs.upvest.co/api/withdrawals names no delay of the records; 30 s is the least of any venue',
};

/** SEPA returns come within 3 banking days, recalls are answered within 25: at most 40 days. */
const RETURNABLE: ReturnBound = {
  forMs: 40 * 86_400_000,
  source:
    'European Payments Council, SEPA Credit Transfer scheme rulebook (EPC125-05), 4.3.2: returns and recalls. Upvest documents no return after CONFIRMED',
};

/** Forms of Upvest, and what its answers prove. `absenceAfterMs`: silence before a person decides. */
export function upvestCapabilities(
  absenceAfterMs: number,
  replayForMs: number,
  settings: HonouredSettings = BUILT_IN_BOUND,
): VenueCapabilities {
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
        honoured: honouredBy(HONOURED, settings),
        maxResends: MOST_REPEATS,
        replayForMs,
        cancellable: true,
        returnable: RETURNABLE,
        listedPerRecipient: true,
        submitEndpoint: 'POST /payments/withdrawals',
      },
    ],
  };
}

/** Rules below the sandbox limit of 300 requests per second (MAPPING.md, "Rate plan"). */
export const UPVEST_RATE_RULES: RateRules = {
  'POST /payments/withdrawals': { limit: 100, perMs: 1_000 },
  'GET /payments/withdrawals/{id}': { limit: 60, perMs: 1_000 },
  'GET /account_groups/{id}/payments/withdrawals': { limit: 100, perMs: 1_000 },
  'DELETE /payments/withdrawals/{id}': { limit: 20, perMs: 1_000 },
  'POST /auth/token': { limit: 2, perMs: 1_000 },
};
