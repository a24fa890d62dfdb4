import { randomBytes } from 'node:crypto';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { HeadSigner } from '../hash-chain/head-signer.js';
import type { ChainSecrets } from '../hash-chain/prove-book.js';

/** A key as its file holds it. */
export function aKey(): string {
  return randomBytes(32).toString('base64');
}

/** Those of every ledger of one test file, so that a second instance is one of the same book. */
export const SECRETS: ChainSecrets = {
  keys: ChainKeys.parse(aKey()),
  signer: HeadSigner.parse(aKey()),
};
