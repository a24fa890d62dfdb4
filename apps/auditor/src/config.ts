import { positive, readConfig, type Environment } from '@sluice/runtime';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';
import { auditNodesInClear, CHAIN_SETTINGS } from './chains/chain-settings.js';
import { VENUE_SETTINGS } from './venues/venue-table.js';

/** Throws one ConfigError that names every fault. */
export const auditorConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      ...VENUE_SETTINGS,
      ...CHAIN_SETTINGS,
      /** Time between two readings of a venue's record. */
      readEveryMs: positive('AUDIT_READ_INTERVAL_MS', 20_000),
    },
    [...SERVICE_RULES, auditNodesInClear],
  );
