import { json, positive, whole, wholeOrNull, type ConfigOf, type Setting } from '@sluice/config';
import type { Honoured, ListingBound } from '@sluice/connector-rules';
import { HALT_SETTINGS } from '@sluice/halt';
import { SERVICE_SETTINGS } from '@sluice/service-shell';
import { readCeilings } from '@sluice/ceilings';
import { readRateRules } from './rate/rate-rules.js';

/** What every connector needs beside its venue's own settings; spread into its schema, which may have another default for one of them. */
export const CONNECTOR_SETTINGS = {
  ...SERVICE_SETTINGS,
  ...HALT_SETTINGS,
  /** Replaces the named endpoints of the built-in plan. */
  ratePlan: json('RATE_PLAN', readRateRules, {}),
  /** Lowers the built-in ceilings of what is sent. */
  ceilings: json('CEILINGS', readCeilings, {}),
  pollIntervalMs: positive('POLL_INTERVAL_MS', 1_000),
  recordIntervalMs: positive('RECORD_INTERVAL_MS', 60_000),
  submitTimeoutMs: positive('SUBMIT_TIMEOUT_MS', 10_000),
  /**
   * How long look-ups stay empty until absence counts as proven or, where it cannot be, a person is asked: longer than the delay of
   * the venue's records, which none of them documents. Never shorter than the venue may honour what was sent.
   */
  absenceAfterMs: positive('ABSENCE_AFTER_MS', 900_000),
  /**
   * The most in EUR that has been released by one look-up after a refusal and is still inside the absence bound. It is what a venue that
   * refuses and pays nevertheless can cost. Beyond it a refusal needs the full absence proof; 0: every refusal does.
   */
  fastFailoverExposureEur: whole('FAST_FAILOVER_EXPOSURE', 10_000),
  /** For how long the records need not show what the venue accepted, until a person may decide. */
  notListedAfterMs: positive('NOT_LISTED_AFTER_MS', 600_000),
  /**
   * For how long the venue may still act on a request after it left, instead of what its capabilities say. In production it can only
   * be longer than that: whoever makes it shorter pays twice what arrives late.
   */
  honouredForMs: wholeOrNull('HONOURED_FOR_MS'),
  concurrency: positive('SUBMIT_CONCURRENCY', 16),
  haltMs: positive('HALT_MS', 60_000),
} as const;

/** Of any connector: each venue has its own default for `baseUrl`, or none; one that the engine's HTTP client does not speak to has no such address. */
export type ConnectorConfig = ConfigOf<typeof CONNECTOR_SETTINGS> & {
  readonly refusalLookupAfterMs: number;
  readonly baseUrl?: string | undefined;
  /** Where its venue reaches it with webhooks, apart from the admin API. */
  readonly publicPort?: number | null | undefined;
};

/**
 * How long after a refusal by validation the venue's records are searched. The default is the venue's listing bound; in production the
 * setting can only be longer (`tooShortFor`).
 */
export function refusalLookup({ withinMs }: ListingBound): Setting<number> {
  return positive('REFUSAL_LOOKUP_AFTER_MS', withinMs);
}

export type HonouredSettings = { readonly honouredForMs: number | null };

/** Nothing is set: the bound is what the venue says. */
export const BUILT_IN_BOUND: HonouredSettings = { honouredForMs: null };

/** The venue's bound, or the one that is set instead; `tooShortFor` refuses a shorter one in production. */
export function honouredBy(venue: Honoured, { honouredForMs }: HonouredSettings): Honoured {
  return honouredForMs === null ? venue : { forMs: honouredForMs, source: 'HONOURED_FOR_MS' };
}
