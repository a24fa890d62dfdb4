import type { Secret } from '@sluice/runtime';
import type { SigningKeyStore } from './key-store.js';
import { Pkcs11KeyStore } from './pkcs11-key-store.js';
import { SealedKeyStore } from './sealed-key-store.js';

interface KeySettings {
  readonly keys: 'file' | 'pkcs11';
  readonly sealedKeys: Secret;
  /** Key to the sealed file. */
  readonly kek: Secret;
  /** Path of the PKCS#11 library, label of the token, and PIN of the token's user. */
  readonly pkcs11Module: string;
  readonly pkcs11Token: string;
  readonly pkcs11Pin: Secret;
}

/** Opens the key store named by the settings. Throws if the store does not open. */
export async function openKeyStore(settings: KeySettings): Promise<SigningKeyStore> {
  if (settings.keys === 'file')
    return new SealedKeyStore(settings.kek.reveal(), settings.sealedKeys.reveal());
  return Pkcs11KeyStore.open({
    module: settings.pkcs11Module,
    token: settings.pkcs11Token,
    pin: settings.pkcs11Pin.reveal(),
  });
}
