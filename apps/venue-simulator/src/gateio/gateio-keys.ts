import { apiKey, apiKeyTerms, type SimulatedApiKey } from '../sim/api-keys.js';

export type GateioPermission = 'wallet' | 'withdrawal' | 'spot';

/** The only account of the simulated venue. */
export const ACCOUNT_UID = '10000001';

const LENGTH = { key: 32, secret: 64 };

const PERMISSIONS: readonly GateioPermission[] = ['wallet', 'withdrawal', 'spot'];

export const API_KEYS: readonly SimulatedApiKey<GateioPermission>[] = [
  apiKey('gateio', 'main', PERMISSIONS, LENGTH),
  apiKey('gateio', 'read_only', ['wallet', 'spot'], LENGTH),
  apiKey('gateio', 'withdrawal_only', ['withdrawal'], LENGTH),
];

export const KEY_TERMS = apiKeyTerms(API_KEYS, PERMISSIONS);
