import { privateKeyToAccount } from 'viem/accounts';
import type { Address } from 'viem';
import type { WalletAddresses } from '../tables/local-chains.js';

/** Returns the addresses of the private keys, equal on every chain. The first key is the tank's. */
export function addressesOf(keys: readonly string[]): WalletAddresses {
  const [tank, ...hot] = keys.map(addressOf);
  if (tank === undefined || hot.length === 0)
    throw new Error('a wallet has a tank and at least one address that pays');
  return { hot, tank };
}

/** Returns the address of a private key in hex. */
export function addressOf(key: string): Address {
  return privateKeyToAccount(`0x${key}`).address;
}
