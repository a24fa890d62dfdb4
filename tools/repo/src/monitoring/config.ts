import { readConfig, text, type Environment } from '@sluice/runtime';

/** Path of promtool (default: the pinned version). */
export const monitoringConfig = (env: Environment = process.env) =>
  readConfig(env, { promtool: text('PROMTOOL', '') });
