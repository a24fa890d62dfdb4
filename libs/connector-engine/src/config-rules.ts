import type { ConfigOf, RuleInput, ConfigRule } from '@sluice/runtime';
import type { Honoured, ListingBound } from '@sluice/connector-rules';
import { permitKeysMissing, SERVICE_RULES } from '@sluice/service-shell';
import type { CONNECTOR_SETTINGS } from './config.js';
import type { RateRules } from './rate/rate-rules.js';

type LimitedSettings = ConfigOf<typeof CONNECTOR_SETTINGS> & {
  readonly refusalLookupAfterMs: number;
};

/** No venue's listing is trusted earlier than this after an answer. */
const LEAST_LISTING_MS = 30_000;

/** Returns the start-up rules of every connector with this rate plan. */
export function connectorRules(plan: RateRules): readonly ConfigRule<LimitedSettings>[] {
  return [...SERVICE_RULES, permitKeysMissing, ({ config }) => strangeEndpoints(config, plan)];
}

/**
 * Checks the time bounds in production. The action time of the venue must not be shorter than
 * stated by the venue, and absence must not be declared earlier: a shorter bound would pay late
 * arrivals twice. A refusal must not be looked up before the venue lists payments.
 */
export function tooShortFor(
  venue: Honoured,
  listing: ListingBound,
  {
    config: { nodeEnv, honouredForMs, absenceAfterMs, refusalLookupAfterMs },
  }: RuleInput<LimitedSettings>,
): readonly string[] {
  if (nodeEnv !== 'production') return [];
  const listedMs = Math.max(listing.withinMs, LEAST_LISTING_MS);
  const bound = Math.max(venue.forMs, honouredForMs ?? 0);
  return [
    ...(honouredForMs !== undefined && honouredForMs !== null && honouredForMs < venue.forMs
      ? [`HONOURED_FOR_MS must be at least ${venue.forMs} in production: ${venue.source}`]
      : []),
    ...(absenceAfterMs !== undefined && absenceAfterMs < bound
      ? [
          `ABSENCE_AFTER_MS must be at least ${bound} in production: for so long the venue may still act on what was sent`,
        ]
      : []),
    ...(refusalLookupAfterMs !== undefined && refusalLookupAfterMs < listedMs
      ? [`REFUSAL_LOOKUP_AFTER_MS must be at least ${listedMs} in production: ${listing.source}`]
      : []),
  ];
}

/**
 * Returns unknown endpoint names: a misspelled name would leave the intended endpoint unchanged.
 */
function strangeEndpoints(
  { ratePlan = {} }: Partial<LimitedSettings>,
  plan: RateRules,
): readonly string[] {
  const known = Object.keys(plan);
  return Object.keys(ratePlan)
    .filter((name) => !known.some((one) => name === one || name.startsWith(`${one} `)))
    .map((name) => `RATE_PLAN names ${name}, which is not one of ${known.join(', ')}`);
}
