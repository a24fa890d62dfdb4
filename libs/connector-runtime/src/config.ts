import { json, SERVICE_SETTINGS, whole } from '@sluice/service-shell';
import { readRateRules, type RateRules } from './rate/rate-rules.js';

/** What every connector needs beside its venue's own settings; spread into its schema, which may have another default for one of them. */
export const CONNECTOR_SETTINGS = {
  ...SERVICE_SETTINGS,
  /** Replaces the named endpoints of the built-in plan. */
  ratePlan: json<RateRules>('RATE_PLAN', readRateRules, {}),
  pollIntervalMs: whole('POLL_INTERVAL_MS', 1_000),
  submitTimeoutMs: whole('SUBMIT_TIMEOUT_MS', 10_000),
  /**
   * How long look-ups stay empty until absence counts as proven or, where it cannot be, a person is asked. More than the time for
   * which a venue honours a signature, plus the delay of its records, which none of them documents.
   */
  absenceAfterMs: whole('ABSENCE_AFTER_MS', 900_000),
  concurrency: whole('SUBMIT_CONCURRENCY', 16),
  haltMs: whole('HALT_MS', 60_000),
} as const;
