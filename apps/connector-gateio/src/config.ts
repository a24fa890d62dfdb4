import { CONNECTOR_SETTINGS } from '@sluice/connector-engine';
import { json, readConfig, secret, text, url, whole, type ConfigOf } from '@sluice/service-shell';

const SETTINGS = {
  ...CONNECTOR_SETTINGS,
  /** Includes /api/v4. The default is Gate's test network: real money needs a deliberate setting. */
  baseUrl: url('GATEIO_BASE_URL', 'https://api-testnet.gateapi.io/api/v4'),
  apiKey: text('GATEIO_API_KEY'),
  apiSecret: secret('GATEIO_API_SECRET'),
  concurrency: whole('SUBMIT_CONCURRENCY', 64),
  doneRequiresBlock: json('GATEIO_DONE_REQUIRES_BLOCK', readFlag, true),
  doneSettlesAfterMs: whole('GATEIO_DONE_SETTLES_AFTER_MS', 1_800_000),
} as const;

export type GateioConfig = ConfigOf<typeof SETTINGS>;

/** Throws one ConfigError that names every fault. */
export function readGateioConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): GateioConfig {
  return readConfig(env, SETTINGS);
}

function readFlag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Error('must be true or false');
  return value;
}
