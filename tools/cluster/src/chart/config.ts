import { readConfig, text, type Environment } from '@sluice/runtime';

/** Path of the Helm program; empty: the pinned version. */
export const chartConfig = (env: Environment = process.env) =>
  readConfig(env, { helm: text('HELM', '') });
