import { sha256Hex } from '@sluice/signing';

/** `withdraw`: `Wallet: ["Withdraw"]` of the key's rights. `master`: a key of the master account, which creating and reading records need. */
export type Permission = 'withdraw' | 'master';

export interface ApiKey {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
  readonly permissions: readonly Permission[];
}

/** The one account of the simulated venue. */
export const ACCOUNT_UID = '10000001';

/** Fixed, so that a configuration stays good over every restart and reset. They guard nothing but a simulator. */
export const API_KEYS: readonly ApiKey[] = [
  apiKey('main', ['withdraw', 'master']),
  apiKey('read_only', ['master']),
  apiKey('sub_account', ['withdraw']),
];

function apiKey(name: string, permissions: readonly Permission[]): ApiKey {
  return {
    name,
    api_key: sha256Hex(`simulated bybit key: ${name}`).slice(0, 18),
    api_secret: sha256Hex(`simulated bybit secret: ${name}`).slice(0, 36),
    permissions,
  };
}
