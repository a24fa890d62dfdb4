import { layoutOf, loadSecrets } from '@sluice/stack';

/** What every ledger of a system keys its chains and signs their heads with. */
export function chainSecrets(home: string): Readonly<Record<string, string>> {
  const { chainKey, chainSigningKey } = loadSecrets(layoutOf(home).secrets);
  return { CHAIN_KEY: chainKey, CHAIN_SIGNING_KEY: chainSigningKey };
}
