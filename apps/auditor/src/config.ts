import { positive, readConfig, type Environment } from '@sluice/runtime';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';
import { VENUE_SETTINGS } from './venues/venue-table.js';

/** Throws one ConfigError that names every fault. */
export const auditorConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      ...VENUE_SETTINGS,
      /** Time between two readings of a venue's record. */
      readEveryMs: positive('AUDIT_READ_INTERVAL_MS', 20_000),
      /** Time after the first proven request, in which holds without a proof are accepted. */
      unprovenMs: positive('AUDIT_UNPROVEN_REQUESTS_MS', 900_000),
    },
    SERVICE_RULES,
  );
