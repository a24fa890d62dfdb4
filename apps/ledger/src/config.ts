import { readConfig, Secret, secret, SERVICE_SETTINGS } from '@sluice/service-shell';

export function ledgerConfig() {
  return readConfig(process.env, {
    ...SERVICE_SETTINGS,
    /** Empty: the service's own login migrates, and owns what it made. */
    ownerUrl: secret('DATABASE_OWNER_URL', new Secret('')),
  });
}
