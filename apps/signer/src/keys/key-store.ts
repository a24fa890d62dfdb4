import type { EthereumSignature } from '@sluice/evm';
import type { Address, Hex } from 'viem';

/** Where private keys are. It signs hashes, and never shows a key: not to this program either, where hardware keeps them. */
export interface KeyStore {
  /** In words, for people: `the token "sluice"`. */
  readonly place: string;
  /** With their checksums. */
  addresses(): readonly Address[];
  /** Throws where it has no key of the address, and where the store gives no signature. */
  sign(address: Address, hash: Hex): Promise<EthereumSignature>;
  close(): Promise<void>;
}

export const KEY_STORE = Symbol('KeyStore');
