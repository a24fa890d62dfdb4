import { sha256Hex } from '@sluice/signing';

export type Permission = 'wallet' | 'withdrawal' | 'spot';

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
  apiKey('main', ['wallet', 'withdrawal', 'spot']),
  apiKey('read_only', ['wallet', 'spot']),
  apiKey('withdrawal_only', ['withdrawal']),
];

function apiKey(name: string, permissions: readonly Permission[]): ApiKey {
  return {
    name,
    api_key: sha256Hex(`simulated gateio key: ${name}`).slice(0, 32),
    api_secret: sha256Hex(`simulated gateio secret: ${name}`),
    permissions,
  };
}
