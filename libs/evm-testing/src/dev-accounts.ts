import { toHex, type Hex } from 'viem';
import { mnemonicToAccount, privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts';

/** Everybody knows it: the accounts of it have 10,000 coins each on a chain that is started here, and nothing anywhere else that lasts. */
export const DEV_MNEMONIC = 'test test test test test test test test test test test junk';

/** The private key of the account with this index, for what signs by itself. */
export function devKey(index: number): Hex {
  const { privateKey } = mnemonicToAccount(DEV_MNEMONIC, { addressIndex: index }).getHdKey();
  if (privateKey === null) throw new Error(`no key of account ${index}`);
  return toHex(privateKey);
}

/** One of the ten accounts that the chain starts with. The last one, 9, deploys tokens. */
export function devAccount(index: number): PrivateKeyAccount {
  return privateKeyToAccount(devKey(index));
}
