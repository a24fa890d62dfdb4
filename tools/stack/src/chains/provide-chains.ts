import {
  deployToken,
  mint,
  startAnvil,
  type AnvilServer,
  type ChainControl,
} from '@sluice/test-servers/evm';
import type { ProcessGuard, SupervisedProcess, SupervisorEvents } from '@sluice/test-servers';
import type { Pace } from '../tables/venues/venue.js';
import type { RunningChain } from '../layout/run-file.js';
import {
  BLOCK_MS,
  CHAIN_NETWORKS,
  LOCAL_CHAINS,
  chainNameOf,
  type ChainName,
  type ChainNetwork,
  type WalletAddresses,
} from '../tables/local-chains.js';
import { addressesOf, writeWalletFiles } from './wallet-files.js';
import type { Layout } from '../layout/layout.js';

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

export interface ChainsContext {
  readonly layout: Layout;
  readonly ports: Readonly<Record<ChainName, number>>;
  readonly guard: ProcessGuard;
  readonly events: SupervisorEvents;
  readonly wallet: WalletAddresses;
  readonly blockTimeMs: number;
  /** Keeps the chains' state for a later start on the same folder. */
  readonly kept: boolean;
  /** Additional address of this machine for access to the nodes. Default: only 127.0.0.1. */
  readonly host?: string;
  adopt(process: SupervisedProcess): void;
}

/** Initial balances of the wallet's addresses on each chain: native coins and dollars. */
const COINS = 1_000n * 10n ** 18n;
const DOLLARS = 500_000n;

/**
 * Starts every chain. On a new chain, deploys the token and funds the wallet's addresses. An
 * existing chain continues from the stored state. After a `kill -9` the last second may be missing,
 * and payers on the chain observe a reorganisation.
 */
export async function startChains(
  context: ChainsContext,
): Promise<Readonly<Record<ChainNetwork, AnvilServer>>> {
  const servers = await Promise.all(
    CHAIN_NETWORKS.map(async (network) => [network, await startChain(network, context)] as const),
  );
  return Object.fromEntries(servers) as Record<ChainNetwork, AnvilServer>;
}

async function startChain(
  network: ChainNetwork,
  { layout, ports, guard, events, wallet, blockTimeMs, kept, host, adopt }: ChainsContext,
): Promise<AnvilServer> {
  const name = chainNameOf(network);
  const stateFile = layout.chainStateOf(network);
  const server = await startAnvil({
    name,
    chainId: LOCAL_CHAINS[network].chainId,
    port: ports[name],
    blockTimeMs,
    finalityDepth: 4,
    logFile: layout.logOf(name),
    guard,
    events,
    restart: true,
    ...(kept && { stateFile }),
    ...(host !== undefined && { host }),
  });
  adopt(server.process);
  if (await isNew(server, network)) await endow(server, network, wallet);
  return server;
}

/** True if the chain has no token contract. An existing token proves a completed setup. */
async function isNew(chain: ChainControl, network: ChainNetwork): Promise<boolean> {
  const code = await chain.client.getCode({ address: LOCAL_CHAINS[network].token.address });
  return code === undefined || code === '0x';
}

async function endow(
  chain: ChainControl,
  network: ChainNetwork,
  { hot, tank }: WalletAddresses,
): Promise<void> {
  const { kind, decimals, address } = LOCAL_CHAINS[network].token;
  for (const one of [...hot, tank]) await chain.setBalance(one, COINS);
  await deployToken(chain, kind, decimals, address);
  for (const one of hot) await mint(chain, address, one, DOLLARS * 10n ** BigInt(decimals));
}
