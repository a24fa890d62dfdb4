import {
  createTestClient,
  defineChain,
  http,
  publicActions,
  walletActions,
  type Address,
  type Hash,
  type Hex,
} from 'viem';

/** viem's client of one node, for all that a chain can be asked; it asks once and remembers nothing. */
type ChainClient = ReturnType<typeof chainClient>;

/** Steers and asks a chain of one's own by its address; any process may, also one that did not start it. */
export class ChainControl {
  readonly client: ChainClient;

  constructor(
    readonly url: string,
    readonly chainId: number,
    private readonly mode: 'anvil' | 'hardhat' = 'anvil',
  ) {
    this.client = chainClient(url, chainId, mode);
  }

  /** Makes blocks, with what waits in the pool in the first. */
  mine(blocks = 1): Promise<void> {
    return this.client.mine({ blocks });
  }

  /** Whether each transaction makes its block as it comes, which is a moment after its hash was answered. */
  automine(on: boolean): Promise<void> {
    return this.client.setAutomine(on);
  }

  /**
   * Puts other blocks in the place of the last `depth`; what was in them is in none, and not in the pool, as after a real one with another
   * node. `again` are raw transactions that are mined in the new blocks, by the distance from the first of those. Anvil only.
   */
  reorg(
    depth: number,
    again: readonly { readonly raw: Hex; readonly block: number }[] = [],
  ): Promise<unknown> {
    return this.request('anvil_reorg', [depth, again.map(({ raw, block }) => [raw, block])]);
  }

  /** Takes a transaction that could be mined out of the pool, with those behind it; false where it is none. One that waits for a gap goes with `dropAll` alone. */
  async drop(hash: Hash): Promise<boolean> {
    return Boolean(await this.request(`${this.mode}_dropTransaction`, [hash]));
  }

  /** Empties the pool. Anvil only. */
  dropAll(): Promise<unknown> {
    return this.request('anvil_dropAllTransactions', []);
  }

  setBalance(address: Address, wei: bigint): Promise<void> {
    return this.client.setBalance({ address, value: wei });
  }

  /** Of the next block alone; those after it follow from how full it is. */
  nextBaseFee(wei: bigint): Promise<void> {
    return this.client.setNextBlockBaseFeePerGas({ baseFeePerGas: wei });
  }

  balance(address: Address): Promise<bigint> {
    return this.client.getBalance({ address });
  }

  /** How many transactions of it are mined. */
  async nonce(address: Address): Promise<bigint> {
    return BigInt(await this.client.getTransactionCount({ address, blockTag: 'latest' }));
  }

  async head(): Promise<bigint> {
    return this.client.getBlockNumber({ cacheTime: 0 });
  }

  /** The hashes in the pool, executable or waiting for a gap to be filled. Anvil only. */
  async pool(): Promise<readonly Hash[]> {
    const { pending, queued } = await this.client.getTxpoolContent();
    return [pending, queued].flatMap((part) =>
      Object.values(part).flatMap((byNonce) => Object.values(byNonce).map(({ hash }) => hash)),
    );
  }

  /** The transactions of this sender that are mined, oldest first: the chain's own word on what was paid. */
  async minedBy(sender: Address): Promise<readonly MinedTransaction[]> {
    const head = await this.head();
    const found: MinedTransaction[] = [];
    for (let number = 0n; number <= head; number++) {
      const block = await this.client.getBlock({ blockNumber: number, includeTransactions: true });
      for (const { hash, from, to, value, nonce, input } of block.transactions)
        if (from.toLowerCase() === sender.toLowerCase())
          found.push({ hash, to, value, nonce: BigInt(nonce), input, blockNumber: number });
    }
    return found;
  }

  /** Any call at all; what viem does not know included. */
  request(method: string, params: readonly unknown[]): Promise<unknown> {
    const ask: (call: { method: string; params: readonly unknown[] }) => Promise<unknown> = this
      .client.request as never;
    return ask({ method, params });
  }
}

export interface MinedTransaction {
  readonly hash: Hash;
  readonly to: Address | null;
  readonly value: bigint;
  readonly nonce: bigint;
  readonly input: Hex;
  readonly blockNumber: bigint;
}

function chainClient(url: string, chainId: number, mode: 'anvil' | 'hardhat') {
  const chain = defineChain({
    id: chainId,
    name: `${mode} ${chainId}`,
    nativeCurrency: { name: 'Coin', symbol: 'COIN', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const transport = http(url, { retryCount: 0, timeout: 30_000 });
  return createTestClient({ chain, mode, transport, cacheTime: 0, pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
}
