import type { EthereumSignature } from '@sluice/evm';
import { openKeys } from '@sluice/signer-api';
import { isHex, type Address, type Hex } from 'viem';
import { privateKeyToAddress, sign } from 'viem/accounts';
import type { SigningKeyStore } from './key-store.js';

/** Keys of a sealed file, in the memory of this process: for development alone, production refuses to start with it. */
export class SealedKeyStore implements SigningKeyStore {
  readonly place = 'the sealed file';
  readonly #keys: ReadonlyMap<Address, Hex>;

  /**
   * Throws if the file is invalid or does not open, or if a key does not match the address. The
   * error contains no part of a key.
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
