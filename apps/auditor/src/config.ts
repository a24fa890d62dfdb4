import { constant, fromFile, readConfig, type Environment } from '@sluice/runtime';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';
import { PERMIT_LIFE_MS, PermitSigningKey } from '@sluice/signing';
import { auditNodesInClear, CHAIN_SETTINGS, gasWithoutLimit } from './chains/chain-settings.js';
import { readFurtherVenues, VENUE_SETTINGS } from './venues/venue-table.js';

/** Throws one ConfigError that names every fault. */
export const auditorConfig = (env: Environment = process.env) => ({
  ...readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      ...VENUE_SETTINGS,
      ...CHAIN_SETTINGS,
      /** Time between two readings of a venue's record: a finding comes within a minute. */
      readEveryMs: constant(20_000),
      /** Ed25519 key that signs permits: a seed of 32 bytes in base64. */
      signingKey: fromFile('AUDITOR_SIGNING_KEY', (value) => PermitSigningKey.parse(value)),
      /** Life of a permit. Payments stop after this time without the auditor. */
      permitLifeMs: constant(PERMIT_LIFE_MS),
    },
    [...SERVICE_RULES, auditNodesInClear, gasWithoutLimit],
  ),
  furtherVenues: readFurtherVenues(env),
});
