import type { OutgoingProxy } from '@sluice/runtime';
import type { ChainSettings, Receipt } from '@sluice/evm';
import { ok, refuse, type Result } from '@sluice/kernel';
import { toHex, type Address, type Hex } from 'viem';
import type { SentTransaction } from '../chain/chain.js';
import { blockCall, type Look, NodeGroup, resultOf } from '../chain/node-group.js';
import { agreedReceipts } from '../chain/receipts.js';
import { noncesAt, sentInBlocks } from '../chain/used-nonce.js';
import { RpcNode } from '../chain/rpc-node.js';
import { timedBlockOf, type TimedBlock } from '../chain/rpc-results.js';
import {
  coinsInBlock,
  type CoinsInBlock,
  type FinalMove,
  movedCoins,
  type MovedCoins,
  paymentsOf,
} from './moved-coins.js';
import { leavingLogs, type LogLengths } from './leaving-logs.js';

const TIMEOUT_MS = 5_000;
/** Most blocks of one part. */
const MOST_BLOCKS = 500n;
/** A node whose newest block is older does not follow the chain. */
const OLDEST_HEAD_MS = 120_000;
const NOT_WANTED: CoinsRead = { kind: 'not_wanted' };

export interface ChainProgress {
  readonly block: bigint;
  readonly hash: Hex;
  readonly sent: Readonly<Record<string, string>>;
}

export interface ChainPayment {
  readonly reference: string;
  readonly asset: string;
  readonly to: Address;
  /** Decimal text. */
  readonly amount: string;
  readonly hash: Hex;
  readonly at: Date;
}

/** Gas of one final transaction of an address of ours. */
export interface GasOfTransaction {
  readonly address: Address;
  readonly hash: Hex;
  readonly block: bigint;
  readonly at: Date;
  readonly gasUsed: bigint;
  readonly gasPrice: bigint;
  /** Wei, with every charge of the receipt. */
  readonly cost: bigint;
}

/** Coins of our addresses in the last block of a part, which is the newest final block. */
type CoinsRead =
  | { readonly kind: 'read'; readonly coins: readonly CoinsInBlock[] }
  /** Nodes lack the block's state, or disagree. */
  | { readonly kind: 'not_read' }
  /** More final blocks wait, or the coins of the block are known. */
  | { readonly kind: 'not_wanted' };

export interface ChainPart {
  /** Null while the chain has no final block. */
  readonly progress: ChainProgress | null;
  /** Time of the last block. */
  readonly at: Date;
  readonly payments: readonly ChainPayment[];
  readonly moved: readonly MovedCoins[];
  readonly gas: readonly GasOfTransaction[];
  readonly coins: CoinsRead;
  /** False if more final blocks wait. */
  readonly isComplete: boolean;
}

interface WantedPart {
  readonly before: ChainProgress | null;
  /** Begin of the first part, if there is no progress. */
  readonly since: Date;
  readonly now: Date;
  readonly areCoinsKnown: boolean;
}

type Part = Result<ChainPart, string>;

/** Reads the final blocks for everything that leaves our addresses, and the coins that are left. */
export class ChainAudit {
  private readonly group: NodeGroup;
  private readonly addresses: readonly Address[];
  private readonly logLengths: LogLengths = new Map();
  private blocks = MOST_BLOCKS;

  constructor(
    readonly settings: ChainSettings,
    proxy: OutgoingProxy | null = null,
  ) {
    const nodes = settings.rpcUrls.map((url) => new RpcNode({ url, timeoutMs: TIMEOUT_MS, proxy }));
    this.group = new NodeGroup(nodes, settings);
    this.addresses = settings.wallets.map(({ address }) => address);
  }

  /** Reads the next part, or returns why no part could be read. */
  async next({ before, since, now, areCoinsKnown }: WantedPart): Promise<Part> {
    const { look, trouble } = await this.group.look();
    if (look === null) return refuse(trouble.join('; '));
    const { number, finalNumber } = look.head;
    const head = await blockAt(look, number);
    if (head === null) return refuse('the newest block could not be read');
    const ageMs = now.getTime() - head.at.getTime();
    if (ageMs > OLDEST_HEAD_MS)
      return refuse(`the newest block is ${Math.round(ageMs / 1_000)} s old`);
    const end = before === null ? null : await blockAt(look, before.block);
    if (before !== null && end?.hash !== before.hash)
      return refuse(`block ${before.block}, read as final, is there no longer`);
    const first = before === null ? await firstSince(look, since) : before.block + 1n;
    if (first === null) return refuse('the begin of the reading could not be found');
    if (first > finalNumber) {
      const coins = end === null || areCoinsKnown ? NOT_WANTED : await this.coins(look, end.number);
      const nothing = { payments: [], moved: [], gas: [], isComplete: true };
      return ok({ ...nothing, progress: before, at: end?.at ?? head.at, coins });
    }
    const most = first + this.blocks - 1n;
    const last = most < finalNumber ? most : finalNumber;
    const part = await this.read(look, { before, first, last });
    // A part that nodes do not answer is read in smaller parts, each with its own progress.
    const next = part.ok ? 2n * this.blocks : this.blocks / 4n;
    this.blocks = next > MOST_BLOCKS ? MOST_BLOCKS : next < 1n ? 1n : next;
    return part;
  }

  async close(): Promise<void> {
    await Promise.all(this.group.nodes.map((node) => node.close()));
  }

  private async read(look: Look, { before, first, last }: Blocks): Promise<Part> {
    const end = await blockAt(look, last);
    const sent = await this.sentBy(look, last);
    if (end === null || sent === null)
      return refuse(`block ${last} could not be read, or nodes disagree`);
    const [moves, left] = await Promise.all([
      isSame(before?.sent, sent) ? [] : this.moves(look, { before, first, last }, sent),
      leavingLogs(look, this.settings, { first, last }, this.logLengths),
    ]);
    const unread = `blocks ${first} to ${last} could not be read, or nodes disagree`;
    if (!left.ok) return refuse(`${unread}: ${left.refusal}`);
    if (moves === null) return refuse(unread);
    const logs = left.value;
    const isComplete = last === look.head.finalNumber;
    const numbers = [...new Set([...moves, ...logs].map(({ blockNumber }) => blockNumber))];
    const blocks = await Promise.all(numbers.map((number) => blockAt(look, number)));
    const times = new Map(blocks.flatMap((block) => (block ? [[block.number, block.at]] : [])));
    if (times.size < numbers.length) return refuse('the time of a block could not be read');
    return ok({
      progress: { block: last, hash: end.hash, sent },
      at: end.at,
      payments: paymentsOf(this.settings, { moves, logs, times }),
      moved: movedCoins(this.settings, { moves, logs }),
      gas: moves.map((move) => gasOf(move, times.get(move.blockNumber) ?? end.at)),
      coins: isComplete ? await this.coins(look, last) : NOT_WANTED,
      isComplete,
    });
  }

  private async coins(look: Look, block: bigint): Promise<CoinsRead> {
    const coins = await coinsInBlock(look, this.settings, block);
    return coins === null ? { kind: 'not_read' } : { kind: 'read', coins };
  }

  /** Number of transactions of each address; null if a node disagrees. */
  private async sentBy(look: Look, at: bigint): Promise<Readonly<Record<string, string>> | null> {
    const nodes = [look.believed, ...look.others.map(({ node }) => node)];
    const [own, ...others] = await Promise.all(
      nodes.map((node) => noncesAt(node, this.addresses, at)),
    );
    if (!own || own.size < this.addresses.length) return null;
    if (others.some((other) => [...other].some(([who, count]) => own.get(who) !== count)))
      return null;
    return Object.fromEntries([...own].map(([who, count]) => [who, count.toString()]));
  }

  /** Transactions of our addresses with their outcome; null if a transaction is missing. */
  private async moves(
    look: Look,
    { before, first: from, last: to }: Blocks,
    counts: Readonly<Record<string, string>>,
  ): Promise<readonly FinalMove[] | null> {
    const sent = await sentInBlocks(
      look.believed,
      look.others.map(({ node }) => node),
      { addresses: this.addresses, from, to, nodes: this.settings.rpcUrls.length },
    );
    if (sent === null || (before !== null && sent.length !== grown(before.sent, counts)))
      return null;
    const { seen } = await agreedReceipts(
      look,
      sent.map(({ hash }) => hash),
      this.settings.rpcUrls.length,
    );
    const moves = sent.flatMap((one) => {
      const move = moveOf(one, seen.get(one.hash) ?? null);
      return move === null ? [] : [move];
    });
    return moves.length === sent.length ? moves : null;
  }
}

/** Null if no node shows the outcome or the gas. */
function moveOf(sent: SentTransaction, receipt: Receipt | null): FinalMove | null {
  if (receipt === null || receipt.status === 'unknown') return null;
  const { status, gasUsed, effectiveGasPrice: gasPrice, l1Fee = 0n } = receipt;
  if (gasUsed === null || gasPrice === null) return null;
  const cost = gasUsed * gasPrice + l1Fee;
  return { ...sent, isReverted: status === 'reverted', gasUsed, gasPrice, cost };
}

function gasOf(move: FinalMove, at: Date): GasOfTransaction {
  const { from: address, hash, blockNumber: block, gasUsed, gasPrice, cost } = move;
  return { address, hash, block, at, gasUsed, gasPrice, cost };
}

interface Blocks {
  readonly before: ChainProgress | null;
  readonly first: bigint;
  readonly last: bigint;
}

function isSame(
  before: Readonly<Record<string, string>> | undefined,
  now: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(now).every(([address, count]) => before?.[address] === count);
}

function grown(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): number {
  return Object.entries(now).reduce(
    (sum, [address, count]) => sum + Number(BigInt(count) - BigInt(before[address] ?? count)),
    0,
  );
}

async function blockAt({ believed }: Look, number: bigint): Promise<TimedBlock | null> {
  const [answer] = await believed.ask([blockCall(toHex(number))]);
  const block = timedBlockOf(resultOf(answer));
  return block?.number === number ? block : null;
}

/** The first block that is not older, by bisection; null if a block could not be read. */
async function firstSince(look: Look, since: Date): Promise<bigint | null> {
  let [low, high] = [0n, look.head.finalNumber + 1n];
  while (low < high) {
    const middle = (low + high) / 2n;
    const block = await blockAt(look, middle);
    if (block === null) return null;
    if (block.at < since) low = middle + 1n;
    else high = middle;
  }
  return low;
}
