import { databaseUrl, readConfig, text, type Environment } from '@sluice/config';

/** What the job that migrates a database is given. Throws one ConfigError that names every fault. */
export const migrateConfig = (env: Environment = process.env) =>
  readConfig(env, {
    /** With the login that owns the database. */
    ownerUrl: databaseUrl('DATABASE_OWNER_URL'),
    /** The login that the service runs with. */
    login: text('DATABASE_LOGIN'),
  });
