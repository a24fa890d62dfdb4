import type { KeyObject } from 'node:crypto';
import { ok, refuse } from '@sluice/kernel';
import { apiKey, type SimulatedApiKey } from '../sim/api-keys.js';
import type { SimulatedKeyTerms } from '../sim/key-book.js';
import {
  keyFields,
  keyName,
  keyText,
  permissionsOf,
  publicKeyPem,
  readPublicKey,
} from '../sim/key-fields.js';

/**
 * `withdraw`: `Wallet: ["Withdraw"]` in the rights of the key. `master`: a key of the master
 * account, required to create and read records.
 */
export type BybitPermission = 'withdraw' | 'master';

export interface BybitKey extends Omit<SimulatedApiKey<BybitPermission>, 'api_secret'> {
  /**
   * Verification data: the secret of a key with HMAC signatures, or the public key of a key with
   * RSA signatures.
   */
  readonly verifies: { readonly secret: string } | { readonly rsa: KeyObject };
}

/** The only account of the simulated venue. */
export const ACCOUNT_UID = '10000001';

const LENGTH = { key: 18, secret: 36 };
const PERMISSIONS: readonly BybitPermission[] = ['withdraw', 'master'];

export const API_KEYS: readonly SimulatedApiKey<BybitPermission>[] = [
  apiKey('bybit', 'main', PERMISSIONS, LENGTH),
  apiKey('bybit', 'read_only', ['master'], LENGTH),
  apiKey('bybit', 'sub_account', ['withdraw'], LENGTH),
];

const checkKey = keyFields(
  { name: keyName, api_key: keyText },
  { api_secret: keyText, rsa_public_key: publicKeyPem, permissions: permissionsOf(PERMISSIONS) },
);

interface Brought {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret?: string;
  readonly rsa_public_key?: string;
  readonly permissions?: readonly BybitPermission[];
}

export const KEY_TERMS: SimulatedKeyTerms<BybitKey> = {
  fixed: API_KEYS.map(({ api_secret: secret, ...key }) => ({ ...key, verifies: { secret } })),
  idOf: (key) => key.api_key,
  read: (fields) => {
    const fault = checkKey(fields, 'key');
    if (fault !== null) return refuse(fault);
    const { api_secret: secret, rsa_public_key: pem, ...key } = fields as Brought;
    const rsa = pem === undefined ? null : readPublicKey(pem);
    if (rsa !== null && rsa.asymmetricKeyType !== 'rsa')
      return refuse('key.rsa_public_key has to be an RSA key');
    if ((secret === undefined) === (rsa === null))
      return refuse('key has either api_secret or rsa_public_key');
    const verifies = rsa === null ? { secret: secret ?? '' } : { rsa };
    return ok({ permissions: PERMISSIONS, ...key, verifies });
  },
};
