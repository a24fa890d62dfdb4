import { Gauge } from 'prom-client';
import type { Address, Hex } from 'viem';
import type { ChainSettings, Fees, Head, PlainTransfer, Receipt } from '@sluice/evm';
import { FaultLog, type Logger, monotonicMs, type OutgoingProxy } from '@sluice/runtime';
import { agreedReceipts } from './receipts.js';
import { movedNothing, readBalances, tryTransfer } from './try-transfer.js';
import type {
  Chain,
  ChainBalances,
  SendAnswer,
  SentTransaction,
  TransferTrial,
  UsedNonce,
} from './chain.js';
import { codesAt, findUser, knownAt, noncesAt, sentInBlocks } from './used-nonce.js';
import { blocksAt, type Look, NodeGroup } from './node-group.js';
import { RpcNode } from './rpc-node.js';
import { resendRaw, sendRaw } from './send-raw.js';

const FRESH_MS = 1_000;

interface RpcChainOptions {
  readonly timeoutMs: number;
  readonly proxy?: OutgoingProxy | null;
  readonly logger?: Pick<Logger, 'info' | 'warn'>;
}

/** A chain over JSON-RPC. Each poll chooses the queried node; facts are asked of all. */
export class RpcChain implements Chain {
  private readonly group: NodeGroup;
  private look: Look | null = null;
  private lookedAtMs = -Infinity;
  private looking: Promise<Head | null> | null = null;
  private troubles: readonly string[] = ['the chain has not been polled yet'];
  private logged = '';
  private readonly faults: FaultLog;

  constructor(
    readonly settings: ChainSettings,
    private readonly options: RpcChainOptions,
  ) {
    const { timeoutMs, proxy = null } = options;
    const nodes = settings.rpcUrls.map((url) => new RpcNode({ url, timeoutMs, proxy }));
    this.group = new NodeGroup(nodes, settings);
    this.faults = new FaultLog(options.logger ?? { warn: () => undefined });
  }

  /** Concurrent callers share the poll. */
  head(): Promise<Head | null> {
    this.looking ??= this.lookAnew().finally(() => (this.looking = null));
    return this.looking;
  }

  recentHead(): Promise<Head | null> {
    return this.look !== null && monotonicMs() - this.lookedAtMs < FRESH_MS
      ? Promise.resolve(this.look.head)
      : this.head();
  }

  trouble(): readonly string[] {
    return this.troubles;
  }

  async receipts(hashes: readonly Hex[]): Promise<ReadonlyMap<Hex, Receipt | null> | null> {
    const { look } = this;
    if (look === null) return null;
    const { seen, trouble } = await agreedReceipts(look, hashes, this.settings.rpcUrls.length);
    for (const sentence of trouble) this.note(sentence);
    return seen;
  }

  async blockHash(number: bigint): Promise<Hex | null> {
    const { look } = this;
    if (look === null || number < 0n) return null;
    const isFinal = number <= look.head.finalNumber;
    const others = isFinal ? look.others.map(({ node }) => node) : [];
    const [own, ...rest] = await blocksAt([look.believed, ...others], number);
    if (!own) return null;
    return rest.every((block) => block === null || block.hash === own.hash) ? own.hash : null;
  }

  async isKnown(hashes: readonly Hex[]): Promise<ReadonlyMap<Hex, boolean> | null> {
    return this.look && knownAt(this.look.believed, hashes);
  }

  async nonces(
    addresses: readonly Address[],
    at: 'latest' | 'pending' | bigint,
  ): Promise<ReadonlyMap<Address, bigint> | null> {
    const { look } = this;
    if (look === null) return null;
    const mustAgree = typeof at === 'bigint' && at <= look.head.finalNumber;
    const [own, ...others] = await Promise.all(
      [look.believed, ...(mustAgree ? look.others.map(({ node }) => node) : [])].map((node) =>
        noncesAt(node, addresses, at),
      ),
    );
    if (!own || own.size < addresses.length) return null;
    const shown = others.filter((other) => other.size > 0);
    const differs = shown.some((other) =>
      [...other].some(([who, count]) => own.get(who) !== count),
    );
    if (differs) this.note('nodes do not agree on a nonce at a block that is final');
    return differs ? null : own;
  }

  async usedBy(address: Address, nonce: bigint, upTo: bigint): Promise<UsedNonce | null> {
    const { look } = this;
    if (look === null) return null;
    return findUser(
      look.believed,
      look.others.map(({ node }) => node),
      { address, nonce, upTo, nodes: this.settings.rpcUrls.length },
    );
  }

  async sentIn(
    addresses: readonly Address[],
    from: bigint,
    to: bigint,
  ): Promise<readonly SentTransaction[] | null> {
    const { look } = this;
    if (look === null || to > look.head.finalNumber) return null;
    return sentInBlocks(
      look.believed,
      look.others.map(({ node }) => node),
      { addresses, from, to, nodes: this.settings.rpcUrls.length },
    );
  }

  async movedNothing(transfer: PlainTransfer, receipt: Receipt): Promise<boolean> {
    const { look } = this;
    if (look === null || receipt.blockNumber > look.head.finalNumber) return false;
    const able = look.others.filter(({ view }) => view.head.number >= receipt.blockNumber);
    return movedNothing([look.believed, ...able.map(({ node }) => node)], transfer, receipt);
  }

  async balances(
    address: Address,
    tokens: readonly Address[],
    at: 'latest' | bigint = 'latest',
  ): Promise<ChainBalances | null> {
    return this.look && readBalances(this.look.believed, address, tokens, at);
  }

  async codes(): Promise<ReadonlyMap<Address, Hex> | null> {
    const addresses = this.settings.wallets.map(({ address }) => address);
    return this.look && codesAt(this.look.believed, addresses);
  }

  async tryTransfer(transfer: PlainTransfer, fees: Fees): Promise<TransferTrial> {
    if ((await this.recentHead()) === null || this.look === null)
      return { kind: 'unavailable', cause: this.troubles.join('; ') };
    const { recipientGasLimit } = this.settings.fees;
    return tryTransfer(this.look.believed, transfer, fees, BigInt(recipientGasLimit));
  }

  send(raw: Hex): Promise<SendAnswer> {
    return sendRaw(this.inOrder(), raw);
  }

  resend(raw: Hex): Promise<SendAnswer> {
    return resendRaw(this.inOrder(), raw);
  }

  async close(): Promise<void> {
    await Promise.all(this.group.nodes.map((node) => node.close()));
  }

  private async lookAnew(): Promise<Head | null> {
    const { look, trouble } = await this.group.look();
    this.look = look;
    this.lookedAtMs = monotonicMs();
    this.troubles = trouble;
    this.log(trouble, look !== null);
    return look?.head ?? null;
  }

  /** Logs once per state of the nodes. */
  private log(trouble: readonly string[], isBelieved: boolean): void {
    const { network } = this.settings;
    gaugeLook(network, isBelieved, trouble.length);
    const kinds = trouble.map(withoutFigures);
    const now = JSON.stringify([...kinds, isBelieved]);
    if (now === this.logged) return;
    if (trouble.length > 0)
      this.options.logger?.warn(
        { network, trouble, isBelieved },
        'nodes of the chain fail or lag behind',
      );
    else if (this.logged !== '')
      this.options.logger?.info({ network }, 'all nodes of the chain answer again');
    this.logged = now;
  }

  /** The trusted node first, then the configured order. */
  private inOrder(): readonly RpcNode[] {
    const { nodes } = this.group;
    const first = this.look?.believed;
    return first ? [first, ...nodes.filter((node) => node !== first)] : nodes;
  }

  private note(sentence: string): void {
    if (this.troubles.includes(sentence)) return;
    this.troubles = [...this.troubles, sentence];
    this.faults.warn(
      sentence,
      { network: this.settings.network, trouble: sentence },
      'nodes of the chain give different answers',
    );
  }
}

/** The same fault at another block is no news. */
function withoutFigures(sentence: string): string {
  return sentence.replace(/\d+ blocks behind|block \d+|0x[\da-f]+/g, '#');
}

/** Timeout per call; a slower node counts as silent. */
const CALL_TIMEOUT_MS = 5_000;

/** Opens a chain behind RPC nodes. Faults of the nodes are logged at their begin and end. */
export function openChain(
  settings: ChainSettings,
  proxy: OutgoingProxy | null,
  logger: Pick<Logger, 'info' | 'warn'>,
): Chain {
  return new RpcChain(settings, { timeoutMs: CALL_TIMEOUT_MS, proxy, logger });
}

const believed = new Gauge({
  name: 'sluice_chain_is_believed',
  help: '1 if the last poll of a chain found a trusted node, otherwise 0',
  labelNames: ['network'],
});
const troubles = new Gauge({
  name: 'sluice_chain_troubles',
  help: 'Faults of the nodes of a chain at the last check, by the sentence of the log',
  labelNames: ['network'],
});

/** Gauges of this process only, because another process may reach other nodes. */
function gaugeLook(network: string, isBelieved: boolean, sentences: number): void {
  believed.set({ network }, isBelieved ? 1 : 0);
  troubles.set({ network }, sentences);
}
