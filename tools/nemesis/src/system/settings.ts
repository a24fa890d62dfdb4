import type { Environment, SimulatedName } from '@sluice/stack';

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
  EVM_CHAINS_FILE: 'addresses: the nodes, tokens and wallets of the local chains',
  GATEIO_BASE_URL: 'an address: the relay in front of the simulated venue',
  BITMART_BASE_URL: 'an address: the relay in front of the simulated venue',
  BYBIT_BASE_URL: 'an address: the relay in front of the simulated venue',
  UPVEST_BASE_URL: 'an address: the relay in front of the simulated venue',
  KAFKA_USERNAME: 'a credential',
  KAFKA_PASSWORD: 'a credential',
  GATEIO_API_KEY: 'a credential',
  GATEIO_API_SECRET: 'a credential',
  BITMART_API_KEY: 'a credential',
  BITMART_API_SECRET: 'a credential',
  BITMART_MEMO: 'a credential',
  BYBIT_API_KEY: 'a credential',
  BYBIT_API_SECRET: 'a credential',
  UPVEST_CLIENT_ID: 'a credential',
  UPVEST_CLIENT_SECRET: 'a credential',
  UPVEST_KEY_ID: 'a credential',
  UPVEST_PRIVATE_KEY: 'a credential',
  UPVEST_WEBHOOK_PUBLIC_KEY: 'a key',
  MESSAGE_KEYS_FILE: 'keys',
  AUDIT_KEY_FILE: 'a key',
  SERVICE_KEY: 'a key',
  SERVICE_CALLERS: 'keys',
  SECRETS_KEK: 'a key',
  CHAIN_KEY: 'a key',
  CHAIN_SIGNING_KEY: 'a key',
  SIGNER_KEYS_FILE: 'keys',
  SIGNER_KEYS_KEK: 'a key',
  RATE_PLAN:
    'an allowance of the venue account: Gate.io publishes one payment per three seconds, and Bybit one per ten seconds and coin; the load needs more, and only limits of paying endpoints are raised',
  REQUESTS_PER_MINUTE_PER_IP: 'an address: all clients of a run have the address of this machine',
  WEBHOOK_ALLOW_LOOPBACK: 'an address: the receivers of webhooks run on this machine',
};

/** Wider rate limits of the paying endpoints; every other endpoint keeps the published limit. */
const RATE_PLANS: Readonly<Partial<Record<SimulatedName, object>>> = {
  gateio: { 'POST /withdrawals': WIDE },
  bybit: { 'POST /v5/asset/withdraw/create': WIDE, 'POST /v5/asset/withdraw/create *': WIDE },
};

/** Settings of a simulated venue's connector besides addresses and credentials. */
export function allowanceOf(venue: SimulatedName): Environment {
  const plan = RATE_PLANS[venue];
  return plan === undefined ? {} : { RATE_PLAN: JSON.stringify(plan) };
}
