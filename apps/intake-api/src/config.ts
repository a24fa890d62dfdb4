import {
  readConfig,
  secret,
  SERVICE_SETTINGS,
  url,
  whole,
  type ConfigOf,
} from '@sluice/service-shell';

const SCHEMA = {
  ...SERVICE_SETTINGS,
  internalPort: whole('INTERNAL_PORT'),
  ledgerUrl: url('LEDGER_URL'),
  /** Seals API secrets at rest: 32 bytes, base64; never stored in the database. */
  secretsKek: secret('SECRETS_KEK'),
  holdTimeoutMs: whole('HOLD_TIMEOUT_MS', 8_000),
  /** Of this process, waiting for their holds; one more is refused at once. */
  maxPendingRequests: whole('MOST_UNDECIDED_REQUESTS', 4_000),
  /** Backstop before authentication, for each source address and process. */
  requestsPerMinutePerIp: whole('REQUESTS_PER_MINUTE_PER_IP', 300_000),
};

export type IntakeConfig = ConfigOf<typeof SCHEMA>;

export function intakeConfig(env: NodeJS.ProcessEnv = process.env): IntakeConfig {
  return readConfig(env, SCHEMA);
}
