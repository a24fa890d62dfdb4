import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ChainSettings } from '@sluice/evm';
import { sealKeys } from '@sluice/signer-api';
import { writeJsonFile } from '@sluice/test-servers';
import { privateKeyToAccount } from 'viem/accounts';
import type { Address } from 'viem';
import { SERVICE_NAMES, specOf } from '../tables/services.js';
import type { Layout } from '../layout/layout.js';
import {
  CHAIN_NETWORKS,
  chainSettings,
  type ChainNetwork,
  type WalletAddresses,
} from '../tables/local-chains.js';

interface Keys {
  /** Private keys, the tank's first. */
  readonly walletKeys: readonly string[];
  /** Encryption key for sealing the private keys for the signer. */
  readonly walletKek: string;
}

/**
 * Writes the chain settings, with a separate copy for the connector, the signer and the auditor. Also writes the
 * sealed keys in the signer's development format.
 */
export function writeWalletFiles(
  layout: Layout,
  { walletKeys, walletKek }: Keys,
  rpcUrlOf: (network: ChainNetwork) => string,
): readonly ChainSettings[] {
  const wallet = addressesOf(walletKeys);
  const settings = CHAIN_NETWORKS.map((network) =>
    chainSettings(network, rpcUrlOf(network), wallet),
  );
  for (const name of SERVICE_NAMES.filter(
    (one) => specOf(one).readsChains || specOf(one).auditsVenues,
  ))
    writeJsonFile(layout.chainsFor(name), settings);
  const byAddress = Object.fromEntries(walletKeys.map((key) => [addressOf(key), `0x${key}`]));
  mkdirSync(dirname(layout.walletKeys), { recursive: true });
  writeFileSync(layout.walletKeys, sealKeys(walletKek, byAddress), { mode: 0o600 });
  return settings;
}

/** Returns the addresses of the private keys, equal on every chain. The first key is the tank's. */
export function addressesOf(keys: readonly string[]): WalletAddresses {
  const [tank, ...hot] = keys.map(addressOf);
  if (tank === undefined || hot.length === 0)
    throw new Error('a wallet has a tank and at least one address that pays');
  return { hot, tank };
}

/** Returns the address of a private key in hex. */
function addressOf(key: string): Address {
  return privateKeyToAccount(`0x${key}`).address;
}
