import { readRateRules, type RateRules } from '@sluice/connector-runtime';
import { json, readConfig, secret, SERVICE_SETTINGS, text, url, whole, type ConfigOf } from '@sluice/service-shell';

const SETTINGS = {
  ...SERVICE_SETTINGS,
  /** Includes /api/v4. The default is Gate's test network: real money needs a deliberate setting. */
  baseUrl: url('GATEIO_BASE_URL', 'https://api-testnet.gateapi.io/api/v4'),
  apiKey: text('GATEIO_API_KEY'),
  apiSecret: secret('GATEIO_API_SECRET'),
  /** Replaces the named endpoints of the built-in plan. */
  ratePlan: json<RateRules>('RATE_PLAN', readRateRules, {}),
  pollIntervalMs: whole('POLL_INTERVAL_MS', 1_000),
  submitTimeoutMs: whole('SUBMIT_TIMEOUT_MS', 10_000),
  /** More than the 60 s for which Gate honours a signature, plus its listing delay, which nobody documents. */
  absenceAfterMs: whole('ABSENCE_AFTER_MS', 900_000),
  concurrency: whole('SUBMIT_CONCURRENCY', 64),
  haltMs: whole('HALT_MS', 60_000),
  doneRequiresBlock: json('GATEIO_DONE_REQUIRES_BLOCK', readFlag, true),
  doneSettlesAfterMs: whole('GATEIO_DONE_SETTLES_AFTER_MS', 1_800_000),
} as const;

export type GateioConfig = ConfigOf<typeof SETTINGS>;

/** Throws one ConfigError that names every fault. */
export function readGateioConfig(env: Readonly<Record<string, string | undefined>> = process.env): GateioConfig {
  return readConfig(env, SETTINGS);
}

function readFlag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Error('must be true or false');
  return value;
}
