import { sha256Hex } from '@sluice/signing';

export type Permission = 'read' | 'withdraw';

export interface ApiKey {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
  /** Chosen with the key; signed, never sent. */
  readonly memo: string;
  readonly permissions: readonly Permission[];
  readonly state: 'active' | 'frozen' | 'expired';
  readonly sub_account: boolean;
}

/** The one account of the simulated venue. */
export const ACCOUNT_CID = '876940001';

/** Fixed, so that a configuration stays good over every restart and reset. They guard nothing but a simulator. */
export const API_KEYS: readonly ApiKey[] = [
  apiKey('main', {}),
  apiKey('read_only', { permissions: ['read'] }),
  apiKey('sub_account', { sub_account: true }),
  apiKey('frozen', { state: 'frozen' }),
  apiKey('expired', { state: 'expired' }),
];

function apiKey(name: string, change: Partial<ApiKey>): ApiKey {
  return {
    name,
    api_key: sha256Hex(`simulated bitmart key: ${name}`).slice(0, 40),
    api_secret: sha256Hex(`simulated bitmart secret: ${name}`),
    memo: `sluice #${name}`,
    permissions: ['read', 'withdraw'],
    state: 'active',
    sub_account: false,
    ...change,
  };
}
