import { apiKey, type ApiKey } from '../sim/api-keys.js';

/** `withdraw`: `Wallet: ["Withdraw"]` of the key's rights. `master`: a key of the master account, which creating and reading records need. */
export type Permission = 'withdraw' | 'master';

/** The one account of the simulated venue. */
export const ACCOUNT_UID = '10000001';

const LENGTH = { key: 18, secret: 36 };

export const API_KEYS: readonly ApiKey<Permission>[] = [
  apiKey('bybit', 'main', ['withdraw', 'master'], LENGTH),
  apiKey('bybit', 'read_only', ['master'], LENGTH),
  apiKey('bybit', 'sub_account', ['withdraw'], LENGTH),
];
