import { toHex, type Hex } from 'viem';
import { mnemonicToAccount, privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts';

/**
 * Public test mnemonic. Each account has 10,000 coins on a chain started by this library, and no
 * lasting funds on any other chain.
 */
export const DEV_MNEMONIC = 'test test test test test test test test test test test junk';

/** Returns the private key of the account with this index, for direct signing. */
export function devKey(index: number): Hex {
  const { privateKey } = mnemonicToAccount(DEV_MNEMONIC, { addressIndex: index }).getHdKey();
  if (privateKey === null) throw new Error(`no key of account ${index}`);
  return toHex(privateKey);
}

/** Returns a funded account, index 0 to 9. Account 9 deploys tokens. */
export function devAccount(index: number): PrivateKeyAccount {
  return privateKeyToAccount(devKey(index));
}
