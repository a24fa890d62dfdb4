import { readConfig, type Environment } from '@sluice/runtime';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';

/** Throws one ConfigError that names every fault. */
export const auditorConfig = (env: Environment = process.env) =>
  readConfig(env, { ...SERVICE_SETTINGS }, SERVICE_RULES);
