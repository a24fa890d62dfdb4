import { randomUUIDv7 } from 'node:crypto';
import { isTerminal, SUBMISSION_STATES } from '@sluice/connector-rules';
import type { ContractOrder, ContractSubmission } from '@sluice/connector-testing';
import {
  deployToken,
  devAccount,
  mineFull,
  mint,
  RpcProxy,
  startAnvil,
  tokenBalance,
  type ChainServer,
  type TokenKind,
} from '@sluice/test-servers/evm';
import { eventually } from '@sluice/test-kit';
import { withClient, withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { getAddress, parseEther, parseGwei, parseUnits, type Address, type Hex } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { FEES, testChain } from './wallet-venue.js';
import { KillableConnector, type WalletCredentials } from './killable-connector.js';
import { someAddress } from './orders.js';
import { TestSigner } from './test-signer.js';

interface RigOptions {
  /** Number of RPC nodes, each a separate proxy before the same chain; default: 1. */
  readonly nodes?: number;
  readonly confirmations?: number;
  /** Default: a high value, therefore no automatic replacement. */
  readonly stuckAfterBlocks?: number;
  /** Number of sending addresses; default: 1. */
  readonly senders?: number;
  /** Behaviour of the token `USDT.ETH`. */
  readonly token?: TokenKind;
  /** Uses a network, coin and token without a built-in entry, in place of ETH and USDT. */
  readonly unnamed?: boolean;
  readonly chain?: ChainServer;
}

type RigAsset = 'ETH.ETH' | 'USDT.ETH' | 'POL.POLYGON' | 'EURC.POLYGON';

/** A chain without a built-in entry, with the values set by operators. */
const UNNAMED = {
  network: 'POLYGON',
  native: { currency: 'POL', unitWorthEur: '0.25' },
  token: { currency: 'EURC', unitWorthEur: '1' },
};
const NAMED = { network: 'ETH', native: { currency: 'ETH' }, token: { currency: 'USDT' } };

interface RigChain {
  readonly chain: ChainServer;
  readonly nodes: readonly RpcProxy[];
  readonly senders: readonly PrivateKeyAccount[];
  readonly token: Address;
  /** The last block before the tests; token and balances are older. */
  readonly startedAt: bigint;
}

export interface WalletOrder extends ContractOrder {
  readonly asset: RigAsset;
  readonly recipient: Address;
  /** In the smallest units. */
  readonly units: bigint;
}

const NEVER = 100_000;

/**
 * A chain, nodes with lies, the signer, and killable connectors, all real. Blocks are mined on
 * request.
 */
export class WalletRig {
  private running: KillableConnector | undefined;
  private starting: Promise<KillableConnector> | undefined;
  private noncesBefore = 0n;
  private sentBefore = 0;

  readonly chain: ChainServer;
  readonly nodes: readonly RpcProxy[];
  readonly senders: readonly PrivateKeyAccount[];
  readonly token: Address;
  readonly startedAt: bigint;

  private constructor(
    world: RigChain,
    readonly signer: TestSigner,
    private readonly settings: WalletCredentials,
    private database: string,
    private readonly postgres: TestPostgres,
  ) {
    this.chain = world.chain;
    this.nodes = world.nodes;
    this.senders = world.senders;
    this.token = world.token;
    this.startedAt = world.startedAt;
  }

  static async start(options: RigOptions = {}): Promise<WalletRig> {
    const { nodes: count = 1, senders: senderCount = 1, token: kind = 'silent' } = options;
    const chain =
      options.chain ?? (await startAnvil({ chainId: 31337, automine: false, finalityDepth: 2 }));
    const senders = Array.from({ length: senderCount }, (_, index) => devAccount(index + 1));
    const { network, native, token: currency } = options.unnamed === true ? UNNAMED : NAMED;
    const token = await deployToken(chain, kind, 6);
    for (const { address } of senders) await mint(chain, token, address, parseUnits('100000', 6));
    const nodes = await Promise.all(Array.from({ length: count }, () => RpcProxy.to(chain.url)));
    const chains = JSON.stringify([
      testChain(
        chain.chainId,
        nodes.map(({ url }) => url),
        {
          finality: { confirmations: options.confirmations ?? 3 },
          fees: {
            ...FEES,
            maxFeeCapGwei: '500',
            stuckAfterBlocks: options.stuckAfterBlocks ?? NEVER,
          },
          network,
          native,
          tokens: [{ ...currency, address: getAddress(token), decimals: 6 }],
          wallets: senders.map(({ address }) => ({ address, purpose: 'hot' })),
        },
      ),
    ]);
    const postgres = await withTestPostgres();
    const signer = await TestSigner.start(postgres, chains);
    const database = await postgres.createDatabase('connector_evm');
    const settings = { chains, signer_url: signer.url, service_key: signer.serviceKey };
    const startedAt = await chain.head();
    const world = { chain, nodes, senders, token, startedAt };
    return new WalletRig(world, signer, settings, database, postgres);
  }

  /** The first node of the connector's list. */
  get node(): RpcProxy {
    const [first] = this.nodes;
    if (!first) throw new Error('a rig has a node');
    return first;
  }

  get sender(): Address {
    const [first] = this.senders;
    if (!first) throw new Error('a rig has a sender');
    return first.address;
  }

  async calmDown(): Promise<void> {
    for (const node of this.nodes) node.honest();
    this.noncesBefore = await this.chain.nonce(this.sender);
    this.sentBefore = this.allSent().length;
  }

  async noncesUsed(): Promise<bigint> {
    return (await this.chain.nonce(this.sender)) - this.noncesBefore;
  }

  async connector(): Promise<KillableConnector> {
    if (this.running?.lives === true) return this.running;
    this.starting ??= KillableConnector.start(this.settings, this.database).finally(
      () => (this.starting = undefined),
    );
    return (this.running = await this.starting);
  }

  async connectorThatDiesAt(point: string): Promise<KillableConnector> {
    await this.kill();
    this.running = await KillableConnector.start(this.settings, this.database, point);
    return this.running;
  }

  async kill(): Promise<void> {
    await this.running?.kill();
    this.running = undefined;
  }

  /** Kills the connector and backs up. The returned function restores and kills. */
  async backUp(): Promise<() => Promise<void>> {
    await this.kill();
    const backup = await this.postgres.createDatabase('backup', this.database);
    return async () => {
      await this.kill();
      this.database = backup;
    };
  }

  /**
   * Backs up under the running connector. The returned function restores under it, like a fail-
   * over.
   */
  async backUpAlive(): Promise<() => Promise<void>> {
    const name = new URL(this.database).pathname.slice(1);
    const server = new URL('/postgres', this.database).href;
    const admin = (...statements: readonly string[]): Promise<void> =>
      withClient(server, async (client) => {
        for (const statement of statements) await client.query(statement);
      });
    const backup = `${name}_backup`;
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
    await eventually(
      () => admin(end, `CREATE DATABASE ${backup} TEMPLATE ${name} OWNER test_owner`),
      { withinMs: 20_000 },
    );
    return () =>
      admin(`DROP DATABASE ${name} WITH (FORCE)`, `ALTER DATABASE ${backup} RENAME TO ${name}`);
  }

  /** Order to an unused address by default: any arrival there is of this order. */
  order(asset: RigAsset, amount: string, to: Address = someAddress()): WalletOrder {
    return {
      withdrawalId: randomUUIDv7(),
      asset,
      amount,
      destination: { type: 'address', address: to },
      recipient: to,
      units: isCoin(asset) ? parseEther(amount) : parseUnits(amount, 6),
    };
  }

  async submit(...orders: readonly ContractOrder[]): Promise<void> {
    await (await this.connector()).submit(orders);
  }

  /** Submits an order with an old order time: the order may have been paid already. */
  async submitAgain(order: ContractOrder): Promise<void> {
    await (await this.connector()).submit([order], { orderedAt: '2026-01-01T00:00:00.000Z' });
  }

  /** Submits after a restore, and repeats until looked up, like intake-api. */
  async submitAfterRestore(order: ContractOrder): Promise<void> {
    await this.submit(order);
    await eventually(
      async () => {
        await (await this.connector()).askFor(order.withdrawalId);
        const waiting = 'SELECT FROM submission WHERE withdrawal_id = $1 AND unconfirmed';
        expect(await this.rows(waiting, [order.withdrawalId])).toEqual([]);
      },
      { withinMs: 60_000, everyMs: 1_000 },
    );
  }

  async cancel({ withdrawalId }: ContractOrder): Promise<void> {
    await (await this.connector()).cancel(withdrawalId);
  }

  /** Repeats a call until taken, with a new connector if necessary. */
  survives(call: (connector: KillableConnector) => Promise<void>): Promise<void> {
    return eventually(async () => call(await this.connector()), { withinMs: 60_000 });
  }

  async submission({ withdrawalId }: ContractOrder): Promise<ContractSubmission | null> {
    return (await this.connector()).submission(withdrawalId);
  }

  received({ asset, recipient }: WalletOrder): Promise<bigint> {
    return isCoin(asset)
      ? this.chain.balance(recipient)
      : tokenBalance(this.chain, this.token, recipient);
  }

  /** Makes a block at a time until the check holds. */
  mineUntil(check: () => Promise<void>, withinMs = 90_000): Promise<void> {
    return eventually(
      async () => {
        await this.chain.mine();
        await check();
      },
      { withinMs, everyMs: 250 },
    );
  }

  /** After a gap of 15 seconds, as on a busy machine, orders wait until intake-api asks for them: so the rig asks. */
  private async askForUnconfirmed(): Promise<void> {
    const waiting = 'SELECT withdrawal_id FROM submission WHERE unconfirmed';
    for (const { withdrawal_id: id } of await this.rows<{ withdrawal_id: string }>(waiting))
      await (await this.connector()).askFor(id);
  }

  reaches(order: ContractOrder, state: string): Promise<void> {
    return this.mineUntil(async () => {
      await this.askForUnconfirmed();
      expect((await this.submission(order))?.state).toBe(state);
    });
  }

  async end(orders: readonly ContractOrder[]): Promise<void> {
    await this.mineUntil(async () => {
      await this.askForUnconfirmed();
      const states = await Promise.all(
        orders.map(async (order) => (await this.submission(order))?.state),
      );
      expect(states.filter((state) => !isEnded(state))).toEqual([]);
    }, 180_000);
  }

  /** Waits for `times` more polls of the chain by the connector; mines no block. */
  async looks(times = 4): Promise<void> {
    const looked = (): number =>
      this.nodes.reduce((sum, node) => sum + node.countOf('eth_getBlockByNumber'), 0);
    const before = looked();
    await eventually(() => expect(looked()).toBeGreaterThanOrEqual(before + times), {
      withinMs: 60_000,
    });
  }

  /** Waits until nodes have received `times` transactions since the last test. */
  hasBeenSent(times = 1): Promise<void> {
    return eventually(() => expect(this.sent().length).toBeGreaterThanOrEqual(times), {
      withinMs: 60_000,
    });
  }

  /** Waits until the pool has `count` transactions. Anvil only. */
  isInPool(count = 1): Promise<void> {
    return eventually(async () => expect(await this.chain.pool()).toHaveLength(count), {
      withinMs: 60_000,
    });
  }

  /** Raw transactions received by nodes since the last test, oldest first, repeats included. */
  sent(): readonly Hex[] {
    return this.allSent().slice(this.sentBefore);
  }

  private allSent(): readonly Hex[] {
    return this.nodes.flatMap(({ calls }) =>
      calls
        .filter(({ method }) => method === 'eth_sendRawTransaction')
        .map(({ params }) => String(params[0]) as Hex),
    );
  }

  /** Mines blocks full of higher-paying transactions until `holds` returns true. */
  squeezeUntil(holds: () => boolean): Promise<void> {
    return eventually(
      async () => {
        await mineFull(this.chain);
        expect(holds()).toBe(true);
      },
      { withinMs: 90_000, everyMs: 300 },
    );
  }

  /** Mines blocks until `holds` returns false. */
  mineWhile(holds: () => boolean): Promise<void> {
    return this.mineUntil(async () => expect(holds()).toBe(false));
  }

  async rows<Row extends object = object>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    return withClient(
      this.database,
      async (client) => (await client.query<Row>(sql, [...values])).rows,
    );
  }

  halts(): Promise<readonly object[]> {
    return this.rows(
      'SELECT scope, target, reason FROM halt WHERE lifted_at IS NULL ORDER BY target, id',
    );
  }

  /** Another program with the same key sends a payment with the next nonce. */
  async somebodyElseSends(
    from: Address = this.sender,
    what: { readonly to: Address; readonly value: bigint } = { to: someAddress(), value: 1n },
  ): Promise<void> {
    const sender = this.senders.find(({ address }) => address === from);
    if (!sender) throw new Error(`a rig has no sender ${from}`);
    const raw = await sender.signTransaction({
      type: 'eip1559',
      chainId: this.chain.chainId,
      nonce: Number(await this.chain.nonce(sender.address)),
      ...what,
      gas: 21_000n,
      maxFeePerGas: parseGwei('400'),
      maxPriorityFeePerGas: parseGwei('300'),
    });
    await this.chain.client.sendRawTransaction({ serializedTransaction: raw });
  }

  /** Alarms for a person: cases of the order, and breaks. */
  async alarms(order: ContractOrder): Promise<readonly object[]> {
    const connector = await this.connector();
    return [
      ...((await connector.submission(order.withdrawalId))?.cases ?? []),
      ...(await connector.breaks()),
    ];
  }

  /** A settled order is paid exactly once, any other never, also eight blocks later. */
  async expectOnceOrNever(orders: readonly WalletOrder[]): Promise<void> {
    await this.chain.mine(8);
    for (const order of orders) {
      const state = (await this.submission(order))?.state;
      const received = await this.received(order);
      expect({ order, state, received }).toEqual({
        order,
        state,
        received: state === 'settled' ? order.units : 0n,
      });
    }
    expect(await this.violations()).toEqual([]);
  }

  /** Violations except unpublished messages of a killed process: the test has no Kafka. */
  private async violations(): Promise<readonly object[]> {
    const violations = await (await this.connector()).violations();
    return violations.filter((one) => !JSON.stringify(one).includes('outbox-drains'));
  }

  /** Spending of our addresses equals the settled amounts, plus the gas. */
  async expectNothingElseSpent(orders: readonly WalletOrder[]): Promise<void> {
    const settled = { coins: 0n, tokens: 0n };
    for (const order of orders)
      settled[isCoin(order.asset) ? 'coins' : 'tokens'] += await this.received(order);
    const [coins, tokens] = [
      await this.spent((address, blockNumber) =>
        this.chain.client.getBalance({ address, blockNumber }),
      ),
      await this.spent((address, blockNumber) =>
        tokenBalance(this.chain, this.token, address, blockNumber),
      ),
    ];
    expect({ coins, tokens }).toEqual({
      coins: settled.coins + (await this.gasSpent()),
      tokens: settled.tokens,
    });
  }

  private async spent(
    balanceAt: (address: Address, block: bigint) => Promise<bigint>,
  ): Promise<bigint> {
    const head = await this.chain.head();
    let spent = 0n;
    for (const { address } of this.senders)
      spent += (await balanceAt(address, this.startedAt)) - (await balanceAt(address, head));
    return spent;
  }

  private async gasSpent(): Promise<bigint> {
    let wei = 0n;
    for (const { address } of this.senders)
      for (const { hash } of await this.chain.minedBy(address)) {
        const { gasUsed, effectiveGasPrice } = await this.chain.client.getTransactionReceipt({
          hash,
        });
        wei += gasUsed * effectiveGasPrice;
      }
    return wei;
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.signer.stop();
    for (const node of this.nodes) await node.stop();
    await this.chain.stop();
    await this.postgres.stop();
  }
}

function isCoin(asset: RigAsset): boolean {
  return asset === 'ETH.ETH' || asset === 'POL.POLYGON';
}

function isEnded(state: string | undefined): boolean {
  const known = SUBMISSION_STATES.find((one) => one === state);
  return known !== undefined && isTerminal(known);
}
