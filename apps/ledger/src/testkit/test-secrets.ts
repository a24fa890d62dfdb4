import { randomBytes } from 'node:crypto';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { HeadSigner } from '../hash-chain/head-signer.js';
import type { ChainSecrets } from '../hash-chain/chain-secrets.module.js';

/** Returns a random key in the format of a key file. */
export function aKey(): string {
  return randomBytes(32).toString('base64');
}

/** Secrets shared by all ledgers of a test file, to let a second instance open the same book. */
export const SECRETS: ChainSecrets = {
  keys: ChainKeys.parse(aKey()),
  signer: HeadSigner.parse(aKey()),
};
