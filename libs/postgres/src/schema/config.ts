import { databaseUrl, readConfig, text, type Environment } from '@sluice/runtime';

/** Settings of the migration job. Throws a single ConfigError listing every fault. */
export const migrateConfig = (env: Environment = process.env) =>
  readConfig(env, {
    /** Connection URL with the login of the database's owner. */
    ownerUrl: databaseUrl('DATABASE_OWNER_URL'),
    login: text('DATABASE_LOGIN'),
  });
