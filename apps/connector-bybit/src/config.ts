import { readRateRules, type RateRules } from '@sluice/connector-runtime';
import { json, list, readConfig, secret, SERVICE_SETTINGS, text, url, whole, type ConfigOf } from '@sluice/service-shell';
import { readTravelRule, type TravelRule } from './venue/bybit.travel-rule.js';

const SETTINGS = {
  ...SERVICE_SETTINGS,
  /** Without /v5. The default is Bybit's test network: real money needs a deliberate setting. */
  baseUrl: url('BYBIT_BASE_URL', 'https://api-testnet.bybit.com'),
  apiKey: text('BYBIT_API_KEY'),
  apiSecret: secret('BYBIT_API_SECRET'),
  /** FUND, UTA, EARN, or several in the order in which they are drained. */
  accountTypes: list('BYBIT_ACCOUNT_TYPES', ['FUND']),
  /** How old a request may be at the venue, by its own clock. */
  recvWindowMs: whole('BYBIT_RECV_WINDOW_MS', 5_000),
  travelRule: json<TravelRule>('BYBIT_TRAVEL_RULE', readTravelRule, { required: false, recipients: {} }),
  /** Replaces the named endpoints of the built-in plan; `POST /v5/asset/withdraw/create *` is every coin and chain. */
  ratePlan: json<RateRules>('RATE_PLAN', readRateRules, {}),
  pollIntervalMs: whole('POLL_INTERVAL_MS', 1_000),
  submitTimeoutMs: whole('SUBMIT_TIMEOUT_MS', 10_000),
  /** How long records must not show a payment until a person is asked. */
  absenceAfterMs: whole('ABSENCE_AFTER_MS', 900_000),
  concurrency: whole('SUBMIT_CONCURRENCY', 16),
  haltMs: whole('HALT_MS', 60_000),
} as const;

export type BybitConfig = ConfigOf<typeof SETTINGS>;

/** Throws one ConfigError that names every fault. */
export function readBybitConfig(env: Readonly<Record<string, string | undefined>> = process.env): BybitConfig {
  return readConfig(env, SETTINGS);
}
