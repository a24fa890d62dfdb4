import type { EthereumSignature } from '@sluice/evm';
import { openKeys } from '@sluice/signer-api';
import { isHex, type Address, type Hex } from 'viem';
import { privateKeyToAddress, sign } from 'viem/accounts';
import type { KeyStore } from './key-store.js';

/** Keys of a sealed file, in the memory of this process: for development alone, production refuses to start with it. */
export class SealedKeyStore implements KeyStore {
  readonly place = 'the sealed file';
  readonly #keys: ReadonlyMap<Address, Hex>;

  /** Throws a sentence without any part of a key: for a file that is none or does not open, and for a key that is not its address's. */
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
  if (own !== address) throw new Error(`what is sealed for ${address} is not its key`);
  return [own, key as Hex];
}

function addressOf(key: Hex): Address | null {
  try {
    return privateKeyToAddress(key);
  } catch {
    return null;
  }
}
