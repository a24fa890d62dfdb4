import { ChainControl, RpcProxy, type RpcLie, type RpcLieScope } from '@sluice/evm-testing';
import {
  CHAIN_NAMES,
  chainNameOf,
  layoutOf,
  provideChains,
  SERVICE_NAMES,
  specOf,
  type ChainNetwork,
  type StackPorts,
  type StackSecrets,
} from '@sluice/stack';
import {
  readJsonFile,
  writeJsonFile,
  type ProcessGuard,
  type SupervisedProcess,
  type SupervisorEvents,
} from '@sluice/test-servers';
import type { Address } from 'viem';
import { ChainBook } from './chain-book.js';

export const NETWORKS: readonly ChainNetwork[] = ['ETH', 'BSC'];
/** Nodes of each chain, as the wallet knows them. A single node would have to be believed whatever it answers. */
export const NODES = 2;

interface Around {
  readonly folder: string;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly guard: ProcessGuard;
  readonly events: SupervisorEvents;
}

interface WrittenChain extends Readonly<Record<string, unknown>> {
  readonly network: ChainNetwork;
}

/** A chain of the wallet: one real node, and before it as many addresses as the wallet takes for nodes of their own. Each can lie by itself. */
export interface NemesisChain {
  readonly network: ChainNetwork;
  readonly control: ChainControl;
  readonly book: ChainBook;
  readonly nodes: readonly RpcProxy[];
  readonly process: SupervisedProcess;
}

export type Chains = ReadonlyMap<ChainNetwork, NemesisChain>;

/** Starts the chains, and tells connector-evm and the signer of the nodes by the addresses of the proxies. */
export async function startChains(around: Around): Promise<Chains> {
  const { folder, ports, secrets, guard, events } = around;
  const layout = layoutOf(folder);
  const processes = new Map<string, SupervisedProcess>();
  const running = await provideChains({
    ...{ layout, ports, guard, events, pace: 'real', options: {} },
    ...{ walletKeys: secrets.walletKeys, walletKek: secrets.walletKek },
    adopt: (process) => void processes.set(process.name, process),
  });
  const chains = new Map<ChainNetwork, NemesisChain>();
  for (const network of NETWORKS) {
    const { rpc_url, chain_id, tokens, hot_wallets, tank } = running[network];
    const control = new ChainControl(rpc_url, chain_id);
    const process = processes.get(chainNameOf(network));
    if (!process) throw new Error(`${CHAIN_NAMES.join(', ')}: ${network} was not started`);
    const wallet = { hot: hot_wallets as Address[], tank: tank as Address };
    const book = new ChainBook(control, network, { wallet, tokens });
    const nodes = await Promise.all(Array.from({ length: NODES }, () => RpcProxy.to(rpc_url)));
    chains.set(network, { network, control, book, nodes, process });
  }
  for (const name of SERVICE_NAMES.filter((one) => specOf(one).readsChains)) {
    const file = layout.chainsFor(name);
    const settings = readJsonFile<readonly WrittenChain[]>(file) ?? [];
    writeJsonFile(
      file,
      settings.map((one) => ({
        ...one,
        rpcUrls: (chains.get(one.network)?.nodes ?? []).map(({ url }) => url),
      })),
    );
  }
  return chains;
}

/**
 * One node of a chain answers so until the returned function is called, which answers how many calls it met. Only one node of a chain is at
 * fault at a time: where all lie alike there is nothing left to believe, so while one does, the next lie is told by the same.
 */
export class NodeFaults {
  private readonly atFault = new Map<ChainNetwork, { readonly place: number; lies: number }>();

  begin(
    { network, nodes }: NemesisChain,
    wanted: number,
    lie: RpcLie,
    scope: RpcLieScope = {},
  ): () => number {
    const present = this.atFault.get(network) ?? { place: wanted, lies: 0 };
    const node = nodes[present.place];
    if (!node) throw new Error(`${network} has no node ${present.place + 1}`);
    present.lies += 1;
    this.atFault.set(network, present);
    const before = node.calls.length;
    node.lie(lie, scope);
    return () => {
      const { methods } = scope;
      const met = node.calls
        .slice(before)
        .filter(({ method }) => methods?.includes(method) ?? true);
      present.lies -= 1;
      if (present.lies === 0) {
        this.atFault.delete(network);
        node.honest();
      }
      return met.length;
    };
  }
}
