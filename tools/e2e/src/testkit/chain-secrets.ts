import { layoutOf, loadSecrets } from '@sluice/stack';

/**
 * Returns the secrets of every ledger of a system, for keying hash chains and signing chain heads.
 */
export function chainSecrets(home: string): Readonly<Record<string, string>> {
  const { chainKey, chainSigningKey } = loadSecrets(layoutOf(home).secrets);
  return { CHAIN_KEY: chainKey, CHAIN_SIGNING_KEY: chainSigningKey };
}
