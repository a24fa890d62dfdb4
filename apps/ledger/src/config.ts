import { readConfig, Secret, secretFile, type Environment } from '@sluice/config';
import { SERVICE_SETTINGS } from '@sluice/service-shell';

/** Throws one ConfigError that names every fault. */
export const ledgerConfig = (env: Environment = process.env) =>
  readConfig(env, {
    ...SERVICE_SETTINGS,
    /** Empty: the service's own login migrates, and owns what it made. */
    ownerUrl: secretFile('DATABASE_OWNER_URL', { fileInProduction: true }, new Secret('')),
  });
