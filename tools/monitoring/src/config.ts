import { readConfig, text, type Environment } from '@sluice/config';

/** Which promtool is asked; empty: the pinned one. */
export const monitoringConfig = (env: Environment = process.env) =>
  readConfig(env, { promtool: text('PROMTOOL', '') });
