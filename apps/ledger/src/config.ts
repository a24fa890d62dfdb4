import { databaseUrl, readConfig, Secret, type Environment } from '@sluice/config';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';

/** Throws one ConfigError that names every fault. */
export const ledgerConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      /** Empty: the service's own login migrates, and owns what it made. */
      ownerUrl: databaseUrl('DATABASE_OWNER_URL', new Secret('')),
    },
    SERVICE_RULES,
  );
