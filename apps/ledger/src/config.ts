import { readConfig, Secret, secret, type Environment } from '@sluice/config';
import { SERVICE_SETTINGS } from '@sluice/service-shell';

/** Throws one ConfigError that names every fault. */
export const ledgerConfig = (env: Environment = process.env) =>
  readConfig(env, {
    ...SERVICE_SETTINGS,
    /** Empty: the service's own login migrates, and owns what it made. */
    ownerUrl: secret('DATABASE_OWNER_URL', new Secret('')),
  });
