import type { SignerConfig } from '../config.js';
import type { KeyStore } from './key-store.js';
import { Pkcs11KeyStore } from './pkcs11-key-store.js';
import { SealedKeyStore } from './sealed-key-store.js';

type KeySettings = Pick<
  SignerConfig,
  'keys' | 'sealedKeys' | 'kek' | 'pkcs11Module' | 'pkcs11Token' | 'pkcs11Pin'
>;

/** Opens the key store named by the settings. Throws if the store does not open. */
export async function openKeyStore(settings: KeySettings): Promise<KeyStore> {
  if (settings.keys === 'file')
    return new SealedKeyStore(settings.kek.reveal(), settings.sealedKeys.reveal());
  return Pkcs11KeyStore.open({
    module: settings.pkcs11Module,
    token: settings.pkcs11Token,
    pin: settings.pkcs11Pin.reveal(),
  });
}
