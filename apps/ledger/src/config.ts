import { readConfig, type Environment } from '@sluice/config';
import { SERVICE_SETTINGS } from '@sluice/service-shell';

/** Throws one ConfigError that names every fault. */
export const ledgerConfig = (env: Environment = process.env) => readConfig(env, SERVICE_SETTINGS);
