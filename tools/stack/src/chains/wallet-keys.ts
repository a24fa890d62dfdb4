import { privateKeyToAccount } from 'viem/accounts';
import type { Address } from 'viem';

export interface WalletAddresses {
  readonly hot: readonly Address[];
  readonly tank: Address;
}

/** Addresses of these private keys, the first of which is the tank's; the same on every chain. */
export function addressesOf(keys: readonly string[]): WalletAddresses {
  const [tank, ...hot] = keys.map((key) => privateKeyToAccount(`0x${key}`).address);
  if (tank === undefined || hot.length === 0)
    throw new Error('a wallet has a tank and at least one address that pays');
  return { hot, tank };
}
