import { RpcProxy, type ChainControl } from '@sluice/test-servers/evm';
import {
  CHAIN_NAMES,
  chainNameOf,
  provideChains,
  SERVICE_NAMES,
  specOf,
  type ChainNetwork,
  type StackSite,
  ChainBook,
} from '@sluice/stack';
import { readJsonFile, writeJsonFile, type SupervisedProcess } from '@sluice/test-servers';

export const NETWORKS: readonly ChainNetwork[] = ['ETH', 'BSC'];
/**
 * Number of nodes per chain, as seen by the wallet. The wallet would have to trust every response
 * of a single node.
 */
export const NODES = 2;

interface WrittenChain extends Readonly<Record<string, unknown>> {
  readonly network: ChainNetwork;
}

/**
 * A chain of the wallet: a single real node behind several proxies. The wallet takes each proxy for
 * a separate node, and each proxy can lie alone.
 */
export interface NemesisChain {
  readonly network: ChainNetwork;
  readonly control: ChainControl;
  readonly book: ChainBook;
  readonly nodes: readonly RpcProxy[];
  readonly process: SupervisedProcess;
}

export type Chains = ReadonlyMap<ChainNetwork, NemesisChain>;

/** Starts the chains, and configures connector-evm and the signer with the addresses of the proxies. */
export async function startChains(site: StackSite): Promise<Chains> {
  const { layout, secrets } = site;
  const processes = new Map<string, SupervisedProcess>();
  const running = await provideChains({
    ...site,
    pace: 'real',
    options: {},
    walletKeys: secrets.walletKeys,
    walletKek: secrets.walletKek,
    adopt: (process) => {
      processes.set(process.name, process);
      site.adopt(process);
    },
  });
  const chains = new Map<ChainNetwork, NemesisChain>();
  for (const network of NETWORKS) {
    const process = processes.get(chainNameOf(network));
    if (!process) throw new Error(`${CHAIN_NAMES.join(', ')}: ${network} was not started`);
    const book = new ChainBook(network, running[network]);
    const control = book.chain;
    const { rpc_url } = running[network];
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
 * Makes a node of a chain lie until the returned function is called. The function returns the
 * number of calls of these methods, by default of all. Only a single node of a chain lies at a time: if all nodes lied alike,
 * no truth would be left. Further lies go to the node already lying.
 */
export class NodeFaults {
  private readonly atFault = new Map<ChainNetwork, { readonly place: number; lies: number }>();

  begin(
    { network, nodes }: NemesisChain,
    wanted: number,
    disturb: (node: RpcProxy) => void,
    methods?: readonly string[],
  ): () => number {
    const present = this.atFault.get(network) ?? { place: wanted, lies: 0 };
    const node = nodes[present.place];
    if (!node) throw new Error(`${network} has no node ${present.place + 1}`);
    present.lies += 1;
    this.atFault.set(network, present);
    const before = node.calls.length;
    disturb(node);
    return () => {
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
