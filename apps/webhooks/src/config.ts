import { EventKeys } from '@sluice/consumer-kit';
import {
  flag,
  key,
  positive,
  readConfig,
  Secret,
  secretFile,
  textOrFile,
  type Environment,
  type RuleInput,
} from '@sluice/runtime';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';

export type WebhooksConfig = ReturnType<typeof webhooksConfig>;

/** Longest timeout allowed by the contract: a slower answer counts as no answer. */
const TIMEOUT_MS = 10_000;

/** Reads the configuration. Throws a single ConfigError with all faults. */
export const webhooksConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      /** Seals signing secrets at rest: 32 bytes, base64; never stored in the database. */
      secretsKek: key('SECRETS_KEK'),
      /** Additional keys for opening secrets during a key replacement. */
      otherSecretsKeks: secretFile(
        'OTHER_SECRETS_KEKS',
        { fileInProduction: true, form: 'lines' },
        new Secret(''),
      ),
      /**
       * Public keys of intake-api for events: 32 bytes in base64 each, with spaces or line ends
       * between.
       */
      eventsPublicKeys: textOrFile(
        'EVENTS_PUBLIC_KEYS',
        (text) => new EventKeys(text.split(/\s+/).filter(Boolean)),
      ),
      /**
       * Allows webhooks to this machine, over http or https and at any port; default: not allowed.
       * For development only.
       */
      allowLoopback: flag('WEBHOOK_ALLOW_LOOPBACK', false),
      timeoutMs: positive('WEBHOOK_TIMEOUT_MS', TIMEOUT_MS),
      /**
       * Lease of a claimed delivery in ms: during the lease, only the claiming process may send the
       * delivery.
       */
      leaseMs: positive('WEBHOOK_LEASE_MS', 30_000),
      inFlight: positive('WEBHOOKS_IN_FLIGHT', 1_024),
      inFlightPerHost: positive('WEBHOOKS_IN_FLIGHT_PER_HOST', 64),
      inFlightPerWebhook: positive('WEBHOOKS_IN_FLIGHT_EACH', 16),
      /** Limit for a webhook with slow answers, failures or no answer yet. */
      inFlightPerSlowWebhook: positive('WEBHOOKS_IN_FLIGHT_SLOW', 2),
      /** A webhook with only failures for this number of hours is paused. */
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

/** Refuses loopback in production: services on loopback trust this machine. */
function loopbackInProduction({
  config: { nodeEnv, allowLoopback },
}: RuleInput<Sending>): readonly string[] {
  return nodeEnv === 'production' && allowLoopback === true
    ? ['WEBHOOK_ALLOW_LOOPBACK is for development: production sends nothing to its own machine']
    : [];
}

/** Refuses a short lease: a second process would send a delivery still being sent by the first. */
function leaseTooShort({ config: { timeoutMs, leaseMs } }: RuleInput<Sending>): readonly string[] {
  if (timeoutMs === undefined || leaseMs === undefined) return [];
  if (timeoutMs > TIMEOUT_MS) return [`WEBHOOK_TIMEOUT_MS must be at most ${TIMEOUT_MS}`];
  return leaseMs < 2 * timeoutMs
    ? ['WEBHOOK_LEASE_MS must be at least twice WEBHOOK_TIMEOUT_MS']
    : [];
}
