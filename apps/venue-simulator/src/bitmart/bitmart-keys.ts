import { ok, refuse } from '@sluice/kernel';
import { sha256Hex } from '@sluice/signing';
import { oneOf, textLike } from '../sim/check.js';
import type { SimulatedKeyTerms } from '../sim/key-book.js';
import { keyFields, keyName, keyText, permissionsOf } from '../sim/key-fields.js';

type BitmartPermission = 'read' | 'withdraw';

export interface BitmartApiKey {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
  /** Chosen with the key; signed, never sent. */
  readonly memo: string;
  readonly permissions: readonly BitmartPermission[];
  readonly state: 'active' | 'frozen' | 'expired';
  readonly sub_account: boolean;
}

/** The only account of the simulated venue. */
export const ACCOUNT_CID = '876940001';

const PERMISSIONS: readonly BitmartPermission[] = ['read', 'withdraw'];
const USUAL = { permissions: PERMISSIONS, state: 'active', sub_account: false } as const;

/**
 * Fixed keys: a configuration stays valid after every restart and reset. The keys protect only a
 * simulator.
 */
export const API_KEYS: readonly BitmartApiKey[] = [
  apiKey('main', {}),
  apiKey('read_only', { permissions: ['read'] }),
  apiKey('sub_account', { sub_account: true }),
  apiKey('frozen', { state: 'frozen' }),
  apiKey('expired', { state: 'expired' }),
];

function apiKey(name: string, change: Partial<BitmartApiKey>): BitmartApiKey {
  return {
    name,
    api_key: sha256Hex(`simulated bitmart key: ${name}`).slice(0, 40),
    api_secret: sha256Hex(`simulated bitmart secret: ${name}`),
    memo: `sluice #${name}`,
    ...USUAL,
    ...change,
  };
}

const checkKey = keyFields(
  { name: keyName, api_key: keyText, api_secret: keyText, memo: textLike(/^.{1,64}$/) },
  {
    permissions: permissionsOf(PERMISSIONS),
    state: oneOf('active', 'frozen', 'expired'),
    sub_account: oneOf(true, false),
  },
);

export const KEY_TERMS: SimulatedKeyTerms<BitmartApiKey> = {
  fixed: API_KEYS,
  idOf: (key) => key.api_key,
  read: (fields) => {
    const fault = checkKey(fields, 'key');
    return fault === null ? ok({ ...USUAL, ...(fields as BitmartApiKey) }) : refuse(fault);
  },
};
