import { apiKey, apiKeyTerms, type ApiKey } from '../sim/api-keys.js';

export type Permission = 'wallet' | 'withdrawal' | 'spot';

/** The only account of the simulated venue. */
export const ACCOUNT_UID = '10000001';

const LENGTH = { key: 32, secret: 64 };

const PERMISSIONS: readonly Permission[] = ['wallet', 'withdrawal', 'spot'];

export const API_KEYS: readonly ApiKey<Permission>[] = [
  apiKey('gateio', 'main', PERMISSIONS, LENGTH),
  apiKey('gateio', 'read_only', ['wallet', 'spot'], LENGTH),
  apiKey('gateio', 'withdrawal_only', ['withdrawal'], LENGTH),
];

export const KEY_TERMS = apiKeyTerms(API_KEYS, PERMISSIONS);
