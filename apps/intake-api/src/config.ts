import { isIpRule } from '@sluice/admin-api';
import { readPrivateKey } from '@sluice/callers';
import {
  readConfig,
  Secret,
  secretFile,
  setting,
  url,
  whole,
  type Environment,
} from '@sluice/config';
import { SERVICE_SETTINGS } from '@sluice/service-shell';

export type IntakeConfig = ReturnType<typeof intakeConfig>;

/** Throws one ConfigError that names every fault. */
export const intakeConfig = (env: Environment = process.env) =>
  readConfig(env, {
    ...SERVICE_SETTINGS,
    internalPort: whole('INTERNAL_PORT'),
    ledgerUrl: url('LEDGER_URL'),
    /** Signs what the ledger is asked. */
    serviceKey: secretFile('SERVICE_KEY', {
      fileInProduction: true,
      parse: (value) => (readPrivateKey(value), value),
    }),
    /** Seals API secrets at rest: 32 bytes, base64; never stored in the database. */
    secretsKek: secretFile('SECRETS_KEK', { fileInProduction: true }),
    /** What was sealed by these opens as well, while one takes the place of another. */
    otherSecretsKeks: secretFile('OTHER_SECRETS_KEKS', { fileInProduction: true }, new Secret('')),
    /** Our references at venues are made with it; empty: with the key above. */
    venueReferencesKey: secretFile(
      'VENUE_REFERENCES_KEY',
      { fileInProduction: true },
      new Secret(''),
    ),
    holdTimeoutMs: whole('HOLD_TIMEOUT_MS', 8_000),
    /** Of this process, waiting for their holds; one more is refused at once. */
    maxPendingRequests: whole('MOST_UNDECIDED_REQUESTS', 4_000),
    /** Proxies of ours, whose word on where a request comes from is believed. */
    trustedProxies: setting('TRUSTED_PROXIES', ipRules, []),
    /** Backstop before authentication, for each source address and process. */
    requestsPerMinutePerIp: whole('REQUESTS_PER_MINUTE_PER_IP', 6_000),
  });

function ipRules(text: string): readonly string[] {
  const rules = text.split(',').map((rule) => rule.trim());
  if (!rules.every(isIpRule))
    throw new Error('must be addresses or ranges of at most /8 (IPv6: /16), with commas between');
  return rules;
}
