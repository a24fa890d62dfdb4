import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sealKeys } from '@sluice/signer-api';
import { writeJsonFile } from '@sluice/test-servers';
import type { ChainControl } from '@sluice/evm-testing';
import type { Pace } from '../clients/simulator-client.js';
import type { RunningChain } from '../system/run-file.js';
import { SERVICE_NAMES, specOf } from '../services.js';
import { BLOCK_MS, CHAIN_NETWORKS, chainSettings, type ChainNetwork } from './local-chains.js';
import { startChains, type ChainsContext } from './start-chains.js';
import { addressesOf, addressOf } from './wallet-keys.js';

/** How the chains of a system differ from the usual. */
export interface ChainOptions {
  /** Addresses that pay, on each chain; two unless told. */
  readonly hotWallets?: number;
  readonly blockMs?: number;
  /** Whether the next start finds them as this one leaves them; true unless told. To keep them costs their nodes a write each second. */
  readonly kept?: boolean;
}

type Context = Omit<ChainsContext, 'wallet' | 'blockTimeMs' | 'kept'> & {
  /** Private keys, the tank's first. */
  readonly walletKeys: readonly string[];
  /** What they are sealed under for the signer. */
  readonly walletKek: string;
  readonly pace: Pace;
  readonly options: ChainOptions;
};

const HOT_WALLETS = 2;

/** Starts the chains of the wallet, and writes what its connector and the signer read of them. */
export async function provideChains({
  walletKeys,
  walletKek,
  pace,
  options: { hotWallets = HOT_WALLETS, blockMs = BLOCK_MS[pace], kept = true },
  ...context
}: Context): Promise<Readonly<Record<ChainNetwork, RunningChain>>> {
  const keys = walletKeys.slice(0, 1 + hotWallets);
  const wallet = addressesOf(keys);
  const servers = await startChains({ ...context, wallet, blockTimeMs: blockMs, kept });
  const settings = CHAIN_NETWORKS.map((network, at) =>
    chainSettings(network, urlOf(servers[at]), wallet),
  );
  for (const name of SERVICE_NAMES.filter((one) => specOf(one).readsChains))
    writeJsonFile(context.layout.chainsFor(name), settings);
  writeSealedKeys(context.layout.walletKeys, walletKek, keys);
  const running = settings.map(({ network, chainId, rpcUrls, tokens }): [string, RunningChain] => [
    network,
    {
      rpc_url: rpcUrls[0] ?? '',
      chain_id: chainId,
      tokens: Object.fromEntries(tokens.map(({ currency, address }) => [currency, address])),
      hot_wallets: wallet.hot,
      tank: wallet.tank,
    },
  ]);
  return Object.fromEntries(running) as Record<ChainNetwork, RunningChain>;
}

/** As the signer reads them outside of production. */
function writeSealedKeys(file: string, kek: string, keys: readonly string[]): void {
  const byAddress = Object.fromEntries(keys.map((key) => [addressOf(key), `0x${key}`]));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, sealKeys(kek, byAddress), { mode: 0o600 });
}

function urlOf(server: ChainControl | undefined): string {
  return server?.url ?? '';
}
