import {
  flag,
  key,
  positive,
  readConfig,
  Secret,
  secretFile,
  type Environment,
  type Given,
} from '@sluice/config';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';

export type WebhooksConfig = ReturnType<typeof webhooksConfig>;

/** The contract's: an answer that takes longer is none. */
const TIMEOUT_MS = 10_000;

/** Throws one ConfigError that names every fault. */
export const webhooksConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      /** Seals signing secrets at rest: 32 bytes, base64; never stored in the database. */
      secretsKek: key('SECRETS_KEK'),
      /** What was sealed by these opens as well, while one takes the place of another. */
      otherSecretsKeks: secretFile(
        'OTHER_SECRETS_KEKS',
        { fileInProduction: true },
        new Secret(''),
      ),
      /** Webhooks may lead to this machine, by http too, at any port. */
      allowLoopback: flag('WEBHOOK_ALLOW_LOOPBACK', false),
      timeoutMs: positive('WEBHOOK_TIMEOUT_MS', TIMEOUT_MS),
      /** Whoever has claimed a delivery is the only one to send it for so long. */
      leaseMs: positive('WEBHOOK_LEASE_MS', 30_000),
      inFlight: positive('WEBHOOKS_IN_FLIGHT', 1_024),
      inFlightPerHost: positive('WEBHOOKS_IN_FLIGHT_PER_HOST', 64),
      inFlightPerWebhook: positive('WEBHOOKS_IN_FLIGHT_EACH', 16),
      /** To one that is slow, fails, or has not answered yet. */
      inFlightPerSlowWebhook: positive('WEBHOOKS_IN_FLIGHT_SLOW', 2),
      /** A webhook from which nothing but failures has come for so long is paused. */
      pauseAfterHours: positive('WEBHOOK_PAUSE_AFTER_HOURS', 72),
    },
    [...SERVICE_RULES, loopbackInProduction, leaseTooShort],
  );

interface Sending {
  readonly nodeEnv: string;
  readonly allowLoopback: boolean;
  readonly timeoutMs: number;
  readonly leaseMs: number;
}

/** Behind loopback is everything that trusts this machine. */
function loopbackInProduction({
  config: { nodeEnv, allowLoopback },
}: Given<Sending>): readonly string[] {
  return nodeEnv === 'production' && allowLoopback === true
    ? ['WEBHOOK_ALLOW_LOOPBACK is for development: production sends nothing to its own machine']
    : [];
}

/** A second process would send what the first one is still sending. */
function leaseTooShort({ config: { timeoutMs, leaseMs } }: Given<Sending>): readonly string[] {
  if (timeoutMs === undefined || leaseMs === undefined) return [];
  if (timeoutMs > TIMEOUT_MS) return [`WEBHOOK_TIMEOUT_MS must be at most ${TIMEOUT_MS}`];
  return leaseMs < 2 * timeoutMs
    ? ['WEBHOOK_LEASE_MS must be at least twice WEBHOOK_TIMEOUT_MS']
    : [];
}
