import { databaseUrl, PROXY_SETTINGS, readConfig, type Environment } from '@sluice/runtime';
import { KAFKA_SETTINGS, SERVICE_SETTINGS } from '@sluice/service-shell';
import { auditNodesInClear, CHAIN_SETTINGS } from '../chains/chain-settings.js';
import { readFurtherVenues, VENUE_SETTINGS } from '../venues/venue-table.js';

const { nodeEnv, messageKeys, logLevel } = SERVICE_SETTINGS;

/** Throws one ConfigError that names every fault. */
export const verifyConfig = (env: Environment = process.env) => ({
  ...readConfig(
    env,
    {
      nodeEnv,
      ...KAFKA_SETTINGS,
      messageKeys,
      logLevel,
      ...VENUE_SETTINGS,
      ...PROXY_SETTINGS,
      ...CHAIN_SETTINGS,
      /** Database of the auditor; only read. */
      databaseUrl: databaseUrl('DATABASE_URL'),
      /** Database that the verification creates empty, and drops at its end. */
      emptyDatabaseUrl: databaseUrl('AUDIT_VERIFY_DATABASE_URL'),
    },
    [auditNodesInClear],
  ),
  furtherVenues: readFurtherVenues(env),
});

export type VerifyConfig = ReturnType<typeof verifyConfig>;
