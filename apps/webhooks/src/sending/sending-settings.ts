import type { UrlRules } from '../guard/webhook-url.js';

/** The service's settings for claiming and sending deliveries. */
export interface SendingSettings extends UrlRules {
  readonly timeoutMs: number;
  /**
   * Lease of a claimed delivery in ms: during the lease, only the claiming process may send the
   * delivery.
   */
  readonly leaseMs: number;
  readonly inFlight: number;
  readonly inFlightPerHost: number;
  readonly inFlightPerWebhook: number;
  /** Limit for a webhook with slow answers, failures or no answer yet. */
  readonly inFlightPerSlowWebhook: number;
}
