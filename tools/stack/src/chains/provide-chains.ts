import type { Pace } from '../tables/pace.js';
import type { RunningChain } from '../layout/run-file.js';
import { BLOCK_MS, type ChainNetwork } from '../tables/local-chains.js';
import { startChains, type ChainsContext } from './start-chains.js';
import { writeWalletFiles } from './wallet-files.js';
import { addressesOf } from './wallet-keys.js';

/** Options of a system's chains. */
export interface ChainOptions {
  /** Number of paying addresses on each chain (default 2). */
  readonly hotWallets?: number;
  readonly blockMs?: number;
  /**
   * Keeps the chains' state for the next start (default true). Keeping the state costs each node a
   * write per second.
   */
  readonly kept?: boolean;
}

type Context = Omit<ChainsContext, 'wallet' | 'blockTimeMs' | 'kept'> & {
  readonly walletKeys: readonly string[];
  readonly walletKek: string;
  readonly pace: Pace;
  readonly options: ChainOptions;
  /** Name of `host` in the chain settings. Default: the address itself. */
  readonly hostName?: string;
};

const HOT_WALLETS = 2;

/** Starts the wallet's chains, and writes the chain settings for the connector and the signer. */
export async function provideChains({
  walletKeys,
  walletKek,
  pace,
  hostName,
  options: { hotWallets = HOT_WALLETS, blockMs = BLOCK_MS[pace], kept = true },
  ...context
}: Context): Promise<Readonly<Record<ChainNetwork, RunningChain>>> {
  const keys = { walletKek, walletKeys: walletKeys.slice(0, 1 + hotWallets) };
  const wallet = addressesOf(keys.walletKeys);
  const servers = await startChains({ ...context, wallet, blockTimeMs: blockMs, kept });
  const settings = writeWalletFiles(context.layout, keys, (network) => {
    const { url, port } = servers[network];
    const host = hostName ?? context.host;
    return host === undefined ? url : `http://${host}:${port}`;
  });
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
