import type { Honoured, ListingBound } from '@sluice/connector-rules';
import { readCeilings } from '@sluice/kernel';
import { programOf, VENUES } from '@sluice/messages';
import {
  type ConfigOf,
  type ConfigRule,
  constant,
  json,
  positive,
  type RuleInput,
  setting,
  type Setting,
  whole,
  wholeOrNull,
} from '@sluice/runtime';
import {
  HALT_SETTINGS,
  PERMIT_SETTINGS,
  permitKeysMissing,
  SERVICE_RULES,
  SERVICE_SETTINGS,
} from '@sluice/service-shell';
import { type RateRules, readRateRules } from './rate/rate-rules.js';

/** Settings of every connector. A venue spreads them into its schema and may override a default. */
export const CONNECTOR_SETTINGS = {
  ...SERVICE_SETTINGS,
  ...HALT_SETTINGS,
  ...PERMIT_SETTINGS,
  /** Replaces the named endpoints of the built-in plan. */
  ratePlan: json('RATE_PLAN', readRateRules, {}),
  /** Lowers the built-in ceilings of sent amounts. */
  ceilings: json('CEILINGS', readCeilings, {}),
  /** Interval of status polls while a payment is open: customers notice a longer one. */
  pollIntervalMs: constant(1_000),
  /** Interval of reading the venue's record for payments not sent here, or believed absent. */
  recordIntervalMs: constant(60_000),
  /** Interval of reading the records of settled payments that may come back: banks take days. */
  returnIntervalMs: constant(3_600_000),
  submitTimeoutMs: positive('SUBMIT_TIMEOUT_MS', 10_000),
  /**
   * Time of empty look-ups after which absence is proven or a person decides. Must exceed the delay
   * of the venue's records, and the time for which the venue may act on a request.
   */
  absenceAfterMs: positive('ABSENCE_AFTER_MS', 900_000),
  /**
   * Most EUR released by single look-ups within the absence bound: the possible loss if a venue
   * refuses and pays nevertheless. 0: every refusal needs the full absence proof.
   */
  fastFailoverExposureEur: whole('FAST_FAILOVER_EXPOSURE', 10_000),
  /**
   * Most EUR by which a recipient's amount may differ through a changed venue fee, without a
   * person.
   */
  feeChangeMaxEur: whole('FEE_CHANGE_MAX_EUR', 20),
  /** EUR in a day, or three payments, from which payments other than ordered halt the whole venue. */
  venueHaltFromEur: whole('VENUE_HALT_FROM_EUR', 1_000),
  /** Time allowed for the listing of an accepted payment; afterwards people may decide. */
  notListedAfterMs: constant(600_000),
  /**
   * Time for which the venue may act on a request. In production only a longer time is permitted: a
   * shorter one would pay late arrivals twice.
   */
  honouredForMs: wholeOrNull('HONOURED_FOR_MS'),
  /** Pause after the venue refused our key: one try per minute blocks no account. */
  haltMs: constant(60_000),
} as const;

/** Configuration of any connector. A venue not reached by the engine's HTTP client has no `baseUrl`. */
export type ConnectorConfig = ConfigOf<typeof CONNECTOR_SETTINGS> & {
  readonly refusalLookupAfterMs: number;
  /** Account paid from, as a venue name: topics, message keys, routes and halts follow from it. */
  readonly venueAccount: string;
  readonly baseUrl?: string | undefined;
  /** Port for the venue's webhooks, separate from the admin API. */
  readonly publicPort?: number | null | undefined;
};

export function venueAccount(program: string, accounts = VENUES): Setting<string> {
  const read = (account: string): string => {
    if (account === program) return account;
    if (programOf(account) !== program)
      throw new Error(`must be ${program} or an account at ${program}, not ${account}`);
    if (!accounts.includes(account)) throw new Error(`is ${account}, missing in VENUE_ACCOUNTS`);
    return account;
  };
  return setting('VENUE_ACCOUNT', read, program);
}

/** Delay between a refusal by validation and the search of the records. Default: the listing bound. */
export function refusalLookup({ withinMs }: ListingBound): Setting<number> {
  return positive('REFUSAL_LOOKUP_AFTER_MS', withinMs);
}

export type HonouredSettings = { readonly honouredForMs: number | null };

/** No setting: the venue's own bound applies. */
export const BUILT_IN_BOUND: HonouredSettings = { honouredForMs: null };

/** Returns the venue's bound, or the configured one; `tooShortFor` rejects a shorter bound. */
export function honouredBy(venue: Honoured, { honouredForMs }: HonouredSettings): Honoured {
  return honouredForMs === null ? venue : { forMs: honouredForMs, source: 'HONOURED_FOR_MS' };
}

type LimitedSettings = ConfigOf<typeof CONNECTOR_SETTINGS> & {
  readonly refusalLookupAfterMs: number;
};

/** No venue's listing is trusted earlier than this after an answer. */
const LEAST_LISTING_MS = 30_000;

export function connectorRules(plan: RateRules): readonly ConfigRule<LimitedSettings>[] {
  return [...SERVICE_RULES, permitKeysMissing, ({ config }) => strangeEndpoints(config, plan)];
}

/** Refuses, in production, times shorter than the venue states: late arrivals would be paid twice. */
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

/** Returns unknown endpoint names: a misspelled name would leave the intended endpoint unchanged. */
function strangeEndpoints(
  { ratePlan = {} }: Partial<LimitedSettings>,
  plan: RateRules,
): readonly string[] {
  const known = Object.keys(plan);
  return Object.keys(ratePlan)
    .filter((name) => !known.some((one) => name === one || name.startsWith(`${one} `)))
    .map((name) => `RATE_PLAN names ${name}, which is not one of ${known.join(', ')}`);
}
