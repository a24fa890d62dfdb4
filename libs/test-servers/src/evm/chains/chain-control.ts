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

/** viem client of a node with all chain methods, without retries and caching. */
type ChainClient = ReturnType<typeof chainClient>;

/**
 * Controls and queries a test chain by URL, from any process, including processes other than the
 * starter of the chain.
 */
export class ChainControl {
  readonly client: ChainClient;

  constructor(
    readonly url: string,
    readonly chainId: number,
    private readonly mode: 'anvil' | 'hardhat' = 'anvil',
  ) {
    this.client = chainClient(url, chainId, mode);
  }

  /** Mines blocks; the first block contains the transactions of the pool. */
  mine(blocks = 1): Promise<void> {
    return this.client.mine({ blocks });
  }

  /**
   * Turns automining on or off. With automining each transaction gets a block on arrival, a moment
   * after the hash is returned.
   */
  automine(on: boolean): Promise<void> {
    return this.client.setAutomine(on);
  }

  /**
   * Replaces the last `depth` blocks. The replaced transactions are in no block and not in the
   * pool, as after a real reorganization with another node. `again` lists raw transactions to mine
   * in the new blocks, by the distance from the first new block. Anvil only.
   */
  reorg(
    depth: number,
    again: readonly { readonly raw: Hex; readonly block: number }[] = [],
  ): Promise<unknown> {
    return this.request('anvil_reorg', [depth, again.map(({ raw, block }) => [raw, block])]);
  }

  /**
   * Removes an executable transaction from the pool, together with the transactions behind. Returns
   * false if no executable transaction has the hash. Only `dropAll` removes a transaction waiting
   * for a nonce gap.
   */
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

  /**
   * Sets the base fee of the next block only; later base fees follow from the fill level of the
   * blocks.
   */
  nextBaseFee(wei: bigint): Promise<void> {
    return this.client.setNextBlockBaseFeePerGas({ baseFeePerGas: wei });
  }

  balance(address: Address): Promise<bigint> {
    return this.client.getBalance({ address });
  }

  /** Number of mined transactions of the address. */
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

  /** Mined transactions of a sender, oldest first: the chain's own record of payments. */
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

  /** Makes any RPC call, including methods unknown to viem. */
  request(method: string, params: readonly unknown[]): Promise<unknown> {
    const ask: (call: { method: string; params: readonly unknown[] }) => Promise<unknown> = this
      .client.request as never;
    return ask({ method, params });
  }
}

interface MinedTransaction {
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
