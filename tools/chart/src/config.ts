import { readConfig, text, type Environment } from '@sluice/config';

/** Which Helm renders; empty: the pinned one. */
export const chartConfig = (env: Environment = process.env) =>
  readConfig(env, { helm: text('HELM', '') });
