import { flag, readConfig, secretFile, text, url, whole, type Environment } from '@sluice/config';
import { CONNECTOR_SETTINGS } from '@sluice/connector-engine';

export type GateioConfig = ReturnType<typeof gateioConfig>;

/** Throws one ConfigError that names every fault. */
export const gateioConfig = (env: Environment = process.env) =>
  readConfig(env, {
    ...CONNECTOR_SETTINGS,
    /** Includes /api/v4. The default is Gate's test network: real money needs a deliberate setting. */
    baseUrl: url('GATEIO_BASE_URL', 'https://api-testnet.gateapi.io/api/v4'),
    apiKey: text('GATEIO_API_KEY'),
    apiSecret: secretFile('GATEIO_API_SECRET', { fileInProduction: true }),
    concurrency: whole('SUBMIT_CONCURRENCY', 64),
    doneRequiresBlock: flag('GATEIO_DONE_REQUIRES_BLOCK', true),
    doneSettlesAfterMs: whole('GATEIO_DONE_SETTLES_AFTER_MS', 1_800_000),
  });
