import { readConfig, secret, url, whole, type Environment } from '@sluice/config';
import { SERVICE_SETTINGS } from '@sluice/service-shell';

export type IntakeConfig = ReturnType<typeof intakeConfig>;

/** Throws one ConfigError that names every fault. */
export const intakeConfig = (env: Environment = process.env) =>
  readConfig(env, {
    ...SERVICE_SETTINGS,
    internalPort: whole('INTERNAL_PORT'),
    ledgerUrl: url('LEDGER_URL'),
    /** Seals API secrets at rest: 32 bytes, base64; never stored in the database. */
    secretsKek: secret('SECRETS_KEK'),
    holdTimeoutMs: whole('HOLD_TIMEOUT_MS', 8_000),
    /** Of this process, waiting for their holds; one more is refused at once. */
    maxPendingRequests: whole('MOST_UNDECIDED_REQUESTS', 4_000),
    /** An account that has had money sent to more new addresses within an hour is halted. */
    newAddressesPerHour: whole('NEW_ADDRESSES_PER_HOUR', 100_000),
    /** Backstop before authentication, for each source address and process. */
    requestsPerMinutePerIp: whole('REQUESTS_PER_MINUTE_PER_IP', 300_000),
  });
