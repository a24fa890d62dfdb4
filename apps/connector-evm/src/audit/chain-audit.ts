import type { ChainSettings } from '@sluice/evm';
import { ok, refuse, type Result } from '@sluice/kernel';
import { toHex, type Address, type Hex } from 'viem';
import { NodeGroup, type Look } from '../chain/node-group.js';
import { noncesAt, receiptsAt } from '../chain/node-facts.js';
import { blockCall, resultOf } from '../chain/node-look.js';
import { RpcNode } from '../chain/rpc-node.js';
import { sentInBlocks } from '../chain/sent-in-blocks.js';
import { timedBlockOf, type TimedBlock } from '../chain/rpc-results.js';
import { leavingLogs } from './leaving-logs.js';
import { paymentsOf, type FinalMove } from './payments-of.js';

const TIMEOUT_MS = 5_000;
/** Blocks of one part. Nodes refuse logs of longer ranges. */
const MOST_BLOCKS = 500n;
/** A node whose newest block is older does not follow the chain. */
const OLDEST_HEAD_MS = 120_000;

/** The last block that was read, and the transactions that each address had sent by then. */
export interface ChainProgress {
  readonly block: bigint;
  readonly hash: Hex;
  readonly sent: Readonly<Record<string, string>>;
}

/** A payment in a final block that leaves our addresses. */
export interface ChainPayment {
  readonly reference: string;
  readonly asset: string;
  readonly to: Address;
  /** Decimal text. */
  readonly amount: string;
  readonly hash: Hex;
  readonly at: Date;
}

interface ChainPart {
  /** Null while the chain has no final block. */
  readonly progress: ChainProgress | null;
  readonly payments: readonly ChainPayment[];
  /** Time of the last block of the part; null for a part without blocks. */
  readonly through: Date | null;
  /** False if more final blocks wait. */
  readonly isComplete: boolean;
}

interface WantedPart {
  readonly before: ChainProgress | null;
  /** Begin of the first part, if there is no progress. */
  readonly since: Date;
  readonly now: Date;
}

type Part = Result<ChainPart, string>;

/**
 * Reads the final blocks of a chain for everything that leaves our addresses, through nodes of the
 * reader. Blocks are read whole only where an address has sent a transaction.
 */
export class ChainAudit {
  private readonly group: NodeGroup;
  private readonly addresses: readonly Address[];

  constructor(readonly settings: ChainSettings) {
    const nodes = settings.rpcUrls.map((url) => new RpcNode({ url, timeoutMs: TIMEOUT_MS }));
    this.group = new NodeGroup(nodes, settings);
    this.addresses = settings.wallets.map(({ address }) => address);
  }

  /** Reads the next part, or returns why no part could be read. */
  async next({ before, since, now }: WantedPart): Promise<Part> {
    const { look, trouble } = await this.group.look();
    if (look === null) return refuse(trouble.join('; '));
    const { number, finalNumber } = look.head;
    const head = await blockAt(look, number);
    if (head === null) return refuse('the newest block could not be read');
    const ageMs = now.getTime() - head.at.getTime();
    if (ageMs > OLDEST_HEAD_MS)
      return refuse(`the newest block is ${Math.round(ageMs / 1_000)} s old`);
    if (before !== null && (await blockAt(look, before.block))?.hash !== before.hash)
      return refuse(`block ${before.block}, read as final, is there no longer`);
    const first = before === null ? await firstSince(look, since) : before.block + 1n;
    if (first === null) return refuse('the begin of the reading could not be found');
    if (first > finalNumber)
      return ok({ progress: before, payments: [], through: null, isComplete: true });
    const most = first + MOST_BLOCKS - 1n;
    return this.read(look, { before, first, last: most < finalNumber ? most : finalNumber });
  }

  async close(): Promise<void> {
    await Promise.all(this.group.nodes.map((node) => node.close()));
  }

  private async read(look: Look, { before, first, last }: Blocks): Promise<Part> {
    const end = await blockAt(look, last);
    const sent = await this.sentBy(look, last);
    if (end === null || sent === null)
      return refuse(`block ${last} could not be read, or nodes disagree`);
    const [moves, logs] = await Promise.all([
      isSame(before?.sent, sent) ? [] : this.moves(look, { before, first, last }, sent),
      leavingLogs(look, this.settings, { first, last }),
    ]);
    if (moves === null || logs === null)
      return refuse(`blocks ${first} to ${last} could not be read, or nodes disagree`);
    const numbers = [...new Set([...moves, ...logs].map(({ blockNumber }) => blockNumber))];
    const blocks = await Promise.all(numbers.map((number) => blockAt(look, number)));
    const times = new Map(blocks.flatMap((block) => (block ? [[block.number, block.at]] : [])));
    if (times.size < numbers.length) return refuse('the time of a block could not be read');
    return ok({
      progress: { block: last, hash: end.hash, sent },
      payments: paymentsOf(this.settings, { moves, logs, times }),
      through: end.at,
      isComplete: last === look.head.finalNumber,
    });
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
    const receipts = await receiptsAt(
      look.believed,
      sent.map(({ hash }) => hash),
    );
    const moves = sent.flatMap((one) => {
      const receipt = receipts.get(one.hash);
      return receipt ? [{ ...one, isReverted: receipt.status === 'reverted' }] : [];
    });
    return moves.length === sent.length ? moves : null;
  }
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
