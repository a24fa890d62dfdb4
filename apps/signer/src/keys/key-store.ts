import type { EthereumSignature } from '@sluice/evm';
import type { Address, Hex } from 'viem';

/**
 * Holds private keys and signs hashes. Keys are never revealed; a hardware store hides the keys
 * even from this program.
 */
export interface SigningKeyStore {
  /** In words, for people: `the token "sluice"`. */
  readonly place: string;
  /** Checksummed addresses. */
  addresses(): readonly Address[];
  /** Throws if the store has no key of the address or returns no signature. */
  sign(address: Address, hash: Hex): Promise<EthereumSignature>;
  close(): Promise<void>;
}

export const KEY_STORE = Symbol('KeyStore');
