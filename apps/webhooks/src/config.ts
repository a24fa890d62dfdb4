import { EventKeys } from '@sluice/consumer-kit';
import { constant, keyList, readConfig, textOrFile, type Environment } from '@sluice/runtime';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';

export type WebhooksConfig = ReturnType<typeof webhooksConfig>;

/** Reads the configuration. Throws a single ConfigError with all faults. */
export const webhooksConfig = (env: Environment = process.env) => {
  const config = readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      /** Seal and open signing secrets at rest; never stored in the database. */
      secretsKeks: keyList('SECRETS_KEK'),
      /**
       * Public keys of intake-api for events: 32 bytes in base64 each, with spaces or line ends
       * between.
       */
      eventsPublicKeys: textOrFile(
        'EVENTS_PUBLIC_KEYS',
        (text) => new EventKeys(text.split(/\s+/).filter(Boolean)),
      ),
      /** Longest time allowed by the contract: a slower answer counts as no answer. */
      timeoutMs: constant(10_000),
      /**
       * Lease of a claimed delivery, well above twice the timeout: only the claiming process may
       * send meanwhile.
       */
      leaseMs: constant(30_000),
      /** Concurrent attempts of one process: as many connections as its memory holds. */
      inFlight: constant(1_024),
      /** Limit for one account at one host, which many customers may share. */
      inFlightPerHost: constant(64),
      inFlightPerWebhook: constant(16),
      /** Limit for a webhook with slow answers, failures or no answer yet. */
      inFlightPerSlowWebhook: constant(2),
      /** A webhook with only failures for three days, longer than a weekend, is paused. */
      pauseAfterHours: constant(72),
    },
    SERVICE_RULES,
  );
  return {
    ...config,
    /** Webhooks to this machine: in production, services on loopback trust this machine. */
    allowLoopback: config.nodeEnv !== 'production',
  };
};
