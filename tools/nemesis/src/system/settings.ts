import { SIMULATED_NAMES, simulatedOf, type Environment, type SimulatedName } from '@sluice/stack';

/**
 * Default time limit for all withdrawals to end after the faults: longer than any venue honours a
 * sent request. The proof of an absence takes longer.
 */
export const LONGEST_QUIET_MS = 240_000;

const WIDE = { limit: 10_000, perMs: 1_000 };

/**
 * Settings that differ from production's defaults, each with a reason.
 * `production-defaults.int.spec.ts` compares all other settings. No time limit and no safety
 * setting differs.
 */
export const DEVIATIONS: Readonly<Record<string, string>> = {
  PORT: 'an address',
  INTERNAL_PORT: 'an address',
  KAFKA_BROKERS: 'an address: the relay in front of the broker',
  DATABASE_URL: 'an address with credentials: the relay in front of PostgreSQL',
  LEDGER_URL: 'an address',
  WEBHOOKS_URL: 'an address',
  CONNECTOR_EVM_URL: 'an address',
  SIGNER_URL: 'an address',
  OIDC_ISSUER: 'an address: the local issuer',
  AUDITOR_EVM_CHAINS_FILE: 'addresses: the nodes, tokens and wallets of the local chains',
  EVM_CHAINS_FILE: 'addresses: the nodes, tokens and wallets of the local chains',
  ...Object.fromEntries(SIMULATED_NAMES.flatMap(credentialsOf)),
  ...Object.fromEntries(SIMULATED_NAMES.flatMap(auditKeysOf)),
  KAFKA_USERNAME: 'a credential',
  KAFKA_PASSWORD: 'a credential',
  MESSAGE_KEYS_FILE: 'keys',
  AUDIT_KEY_FILE: 'a key',
  SERVICE_KEY: 'a key',
  SERVICE_CALLERS: 'keys',
  SECRETS_KEK: 'a key',
  CHAIN_KEY: 'a key',
  CHAIN_SIGNING_KEY: 'a key',
  EVENTS_SIGNING_KEY: 'a key',
  EVENTS_PUBLIC_KEYS: 'a key',
  AUDITOR_SIGNING_KEY: 'a key',
  AUDITOR_PUBLIC_KEYS: 'a key',
  AUDITOR_PERMITS: 'planted losses: their findings would stop the payments that a run judges',
  SIGNER_KEYS_FILE: 'keys',
  SIGNER_KEYS_KEK: 'a key',
  RATE_PLAN:
    'an allowance of the venue account: venues publish one payment per three seconds, or one per ten seconds and coin; the load needs more, and only limits of paying endpoints are raised',
  REQUESTS_PER_MINUTE_PER_IP: 'an address: all clients of a run have the address of this machine',
  NEW_ADDRESSES_PER_HOUR: 'addresses: each client pays to fresh addresses for the whole run',
};

/** Reasons for the settings of a simulated venue's connector. */
function credentialsOf(venue: SimulatedName): (readonly [variable: string, reason: string])[] {
  return Object.entries(simulatedOf(venue).credentials).map(([variable, field]) => [
    variable,
    reasonOf(field),
  ]);
}

/** Reasons for the auditor's keys. The auditor reads the simulated venue without a relay. */
function auditKeysOf(venue: SimulatedName): (readonly [variable: string, reason: string])[] {
  return Object.keys(simulatedOf(venue).audit?.keys ?? {}).map((name) => [name, 'a credential']);
}

function reasonOf(field: string): string {
  if (field === 'base_url') return 'an address: the relay in front of the simulated venue';
  return field === 'webhook_public_key' ? 'a key' : 'a credential';
}

/**
 * Settings of a simulated venue's connector besides addresses and credentials: wider rate limits of
 * slow paying endpoints. Every other endpoint keeps the published limit.
 */
export function allowanceOf(venue: SimulatedName): Environment {
  const { slowEndpoints = [] } = simulatedOf(venue).api;
  if (slowEndpoints.length === 0) return {};
  const plan = Object.fromEntries(slowEndpoints.map((endpoint) => [endpoint, WIDE]));
  return { RATE_PLAN: JSON.stringify(plan) };
}
