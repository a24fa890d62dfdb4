import { type Address, getAddress, type Hex, isHex, keccak256, slice } from 'viem';
import { privateKeyToAddress, sign } from 'viem/accounts';
import type { EthereumSignature } from '@sluice/evm';
import { openKeys } from '@sluice/signer-api';

/** Holds private keys and signs hashes. Keys are never revealed. */
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

/** Keys of a sealed file, in the memory of this process: for development alone, production refuses to start with it. */
export class SealedKeyStore implements SigningKeyStore {
  readonly place = 'the sealed file';
  readonly #keys: ReadonlyMap<Address, Hex>;

  /**
   * Throws if the file is invalid or does not open, or if a key does not match the address, without
   * any part of a key.
   */
  constructor(kek: string, text: string) {
    this.#keys = new Map([...openKeys(kek, text)].map(([address, key]) => read(address, key)));
  }

  addresses(): readonly Address[] {
    return [...this.#keys.keys()];
  }

  async sign(address: Address, hash: Hex): Promise<EthereumSignature> {
    const privateKey = this.#keys.get(address);
    if (privateKey === undefined) throw new Error(`${this.place} has no key of ${address}`);
    const { r, s, yParity } = await sign({ hash, privateKey });
    return { r, s, yParity: yParity === 1 ? 1 : 0 };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function read(address: string, key: string): [Address, Hex] {
  const own = isHex(key) ? addressOf(key) : null;
  if (own !== address) throw new Error(`the sealed key of ${address} belongs to another address`);
  return [own, key as Hex];
}

function addressOf(key: Hex): Address | null {
  try {
    return privateKeyToAddress(key);
  } catch {
    return null;
  }
}

const UNCOMPRESSED = 65;
const WHOLE_POINT = 0x04;

/** The address of a public key of secp256k1, written as a whole point: 0x04, x, y. Throws for any other form. */
export function addressOfPoint(point: Uint8Array): Address {
  if (point.length !== UNCOMPRESSED || point[0] !== WHOLE_POINT)
    throw new Error('a public key must be a whole point of secp256k1, 65 bytes');
  const digest: Hex = keccak256(point.subarray(1));
  return getAddress(slice(digest, 12));
}
