import { privateKeyToAccount } from 'viem/accounts';
import type { Address } from 'viem';

export interface WalletAddresses {
  readonly hot: readonly Address[];
  readonly tank: Address;
}

/** Addresses of these private keys, the first of which is the tank's; the same on every chain. */
export function addressesOf(keys: readonly string[]): WalletAddresses {
  const [tank, ...hot] = keys.map(addressOf);
  if (tank === undefined || hot.length === 0)
    throw new Error('a wallet has a tank and at least one address that pays');
  return { hot, tank };
}

/** Of a private key in hex. */
export function addressOf(key: string): Address {
  return privateKeyToAccount(`0x${key}`).address;
}
