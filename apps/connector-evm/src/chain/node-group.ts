import { type Hex, toHex } from 'viem';
import { type ChainSettings, type Head, weiOfGwei } from '@sluice/evm';
import { monotonicMs } from '@sluice/runtime';
import type { RpcAnswer, RpcCall, RpcNode } from './rpc-node.js';
import { type Block, blockOf, quantity } from './rpc-results.js';

/** Pause after a node without an answer: polls skip the node meanwhile. */
const REST_MS = 10_000;

export interface Look {
  readonly head: Head;
  readonly believed: RpcNode;
  /** Other answering nodes, each with the polled state. */
  readonly others: readonly { readonly node: RpcNode; readonly view: NodeView }[];
  readonly trouble: readonly string[];
}

/** Polls all nodes of a chain together and chooses the trusted node. */
export class NodeGroup {
  private readonly restsUntilMs = new Map<RpcNode, number>();

  constructor(
    readonly nodes: readonly RpcNode[],
    private readonly settings: ChainSettings,
  ) {}

  /** `look` is null if no node is trustworthy; `trouble` has the reasons. */
  async look(): Promise<{ readonly look: Look | null; readonly trouble: readonly string[] }> {
    const asked = this.rested();
    const looks = await Promise.all(asked.map((node) => lookAt(node, this.settings)));
    asked.forEach((node, index) => this.rest(node, looks[index]));
    const views = looks.map((look) => (look.kind === 'view' ? look.view : null));
    const trouble = [...this.resting(asked), ...troubles(asked, looks, views)];
    const chosen = believe(views);
    const believed = chosen && asked[chosen.index];
    const view = chosen && views[chosen.index];
    if (!chosen || !believed || !view) return { look: null, trouble };

    const others = asked
      .map((node, index) => ({ node, view: views[index] ?? null }))
      .filter((other): other is Look['others'][number] => other.view !== null)
      .filter(({ node }) => node !== believed);
    const split = await this.splitAt(chosen.finalNumber, believed, others);
    if (split !== null) return { look: null, trouble: [...trouble, split] };
    const head = headOf(view, chosen.finalNumber, this.settings);
    return { look: { head, believed, others, trouble }, trouble };
  }

  /** A sentence if two nodes disagree on a final block: then no node is trusted. */
  private async splitAt(
    number: bigint,
    believed: RpcNode,
    others: Look['others'],
  ): Promise<string | null> {
    if (number < 0n) return null;
    const nodes = [believed, ...others.map(({ node }) => node)];
    const blocks = await blocksAt(nodes, number);
    const own = blocks[0];
    if (!own) return `${believed.name} does not show block ${number}`;
    const other = nodes.find((_, index) => blocks[index] && blocks[index].hash !== own.hash);
    return other
      ? `${believed.name} and ${other.name} disagree on block ${number}, which is final`
      : null;
  }

  private rested(): readonly RpcNode[] {
    const nowMs = monotonicMs();
    const rested = this.nodes.filter((node) => (this.restsUntilMs.get(node) ?? 0) <= nowMs);
    return rested.length > 0 ? rested : this.nodes;
  }

  private resting(asked: readonly RpcNode[]): readonly string[] {
    return this.nodes
      .filter((node) => !asked.includes(node))
      .map(({ name }) => `${name} did not answer lately`);
  }

  private rest(node: RpcNode, look: NodeLook | undefined): void {
    if (look?.kind === 'none' && look.rests) this.restsUntilMs.set(node, monotonicMs() + REST_MS);
    else this.restsUntilMs.delete(node);
  }
}

function troubles(
  asked: readonly RpcNode[],
  looks: readonly NodeLook[],
  views: readonly (NodeView | null)[],
): readonly string[] {
  const late = behind(views);
  return asked.flatMap(({ name }, index) => {
    const look = looks[index];
    const blocks = late[index] ?? 0n;
    return [
      ...(look?.kind === 'none' ? [`${name}: ${look.why}`] : []),
      ...(look?.kind === 'view' && look.view.trouble ? [`${name} ${look.view.trouble}`] : []),
      ...(blocks > 0n ? [`${name} is ${blocks} blocks behind`] : []),
    ];
  });
}

function headOf({ head }: NodeView, finalNumber: bigint, { fees }: ChainSettings): Head {
  return {
    number: head.number,
    hash: head.hash,
    baseFeePerGas: head.baseFeePerGas ?? 0n,
    tip: weiOfGwei(fees.tipGwei) ?? 0n,
    finalNumber: finalNumber < 0n ? -1n : finalNumber,
  };
}

/** A view, or why there is none; `rests`: the node did not answer at all, and is left alone for a while. */
type NodeLook =
  | { readonly kind: 'view'; readonly view: NodeView }
  | { readonly kind: 'none'; readonly why: string; readonly rests: boolean };

async function lookAt(node: RpcNode, settings: ChainSettings): Promise<NodeLook> {
  const { finality, chainId } = settings;
  const calls: readonly RpcCall[] = [
    { method: 'eth_chainId', params: [] },
    blockCall('latest'),
    ...(finality === 'finalized' ? [blockCall('finalized')] : []),
  ];
  const [chain, latest, finalized] = await node.ask(calls);
  const failed = [chain, latest].find((answer) => answer?.kind !== 'result');
  if (chain === undefined || latest === undefined) return none('no answer', true);
  if (failed) return none(causeOf(failed), failed.kind !== 'error');

  const itsChain = quantity(resultOf(chain));
  if (itsChain !== BigInt(chainId))
    return none(`is on chain ${itsChain ?? 'unknown'}, not ${chainId}`);
  const head = blockOf(resultOf(latest));
  if (head === null) return none('shows no block that can be read');
  if (head.baseFeePerGas === null) return none('has no base fee: its chain lacks EIP-1559');
  if (finality !== 'finalized')
    return { kind: 'view', view: { head, finalNumber: depthOf(head, finality.confirmations) } };
  const named = blockOf(resultOf(finalized));
  if (named !== null) return { kind: 'view', view: { head, finalNumber: named.number } };
  const cause = finalized ? causeOf(finalized) : 'no answer';
  if (finalized?.kind !== 'result' && (finalized?.kind !== 'error' || BUSY.test(cause)))
    return none(cause, finalized?.kind !== 'error');
  return { kind: 'view', view: viewByDepth(head, settings, cause) };
}

/** Refusals of a request that the node understands. */
const BUSY = /rate|limit|too many|time-?out|timed out|capacity|quota|exceed/i;

/** A node that does not know `finalized` is still believed about all else. */
function viewByDepth(
  head: Block,
  { depthWithoutFinalized: depth }: ChainSettings,
  cause: string,
): NodeView {
  const trouble = `names no final block (${cause})`;
  return depth === undefined
    ? {
        head,
        finalNumber: -1n,
        trouble: `${trouble}: payments are sent and wait for depthWithoutFinalized in the settings, or for another node`,
      }
    : {
        head,
        finalNumber: depthOf(head, depth),
        trouble: `${trouble}: blocks count as final by the depth of ${depth} in the settings`,
      };
}

function depthOf({ number }: Block, depth: number): bigint {
  return number - BigInt(depth) + 1n;
}

/** Block of each node at this height; null if the node does not answer. */
export function blocksAt(
  nodes: readonly RpcNode[],
  number: bigint,
): Promise<readonly (Block | null)[]> {
  return Promise.all(
    nodes.map(async (node) => {
      const [answer] = await node.ask([blockCall(toHex(number))]);
      const block = blockOf(resultOf(answer));
      return block?.number === number ? block : null;
    }),
  );
}

export function blockCall(at: Hex | 'latest' | 'finalized', withTransactions = false): RpcCall {
  return { method: 'eth_getBlockByNumber', params: [at, withTransactions] };
}

/** Undefined where the call had no result. */
export function resultOf(answer: RpcAnswer | undefined): unknown {
  return answer?.kind === 'result' ? answer.result : undefined;
}

export function causeOf(answer: RpcAnswer): string {
  switch (answer.kind) {
    case 'result':
      return 'an answer that cannot be read';
    case 'error':
      return answer.message;
    case 'not_sent':
    case 'broken':
      return answer.cause;
  }
}

function none(why: string, rests = false): NodeLook {
  return { kind: 'none', why, rests };
}

/** A node at the last poll. Null without an answer, or on another chain. */
export interface NodeView {
  readonly head: Block;
  /** The highest final block, according to the node; negative if no block is final. */
  readonly finalNumber: bigint;
  /** Why the node names no final block, or names another than the settings ask for. */
  readonly trouble?: string;
}

/** Largest lag, in blocks, explained by network delay. */
const MOST_BEHIND = 3n;

/**
 * Chooses the trusted node and the final block. Of two answering nodes both must agree. The first
 * without lag is trusted. `views` has the configured order.
 */
export function believe(
  views: readonly (NodeView | null)[],
): { readonly index: number; readonly finalNumber: bigint } | null {
  const answering = views.filter((view) => view !== null);
  const front = frontOf(answering);
  const final = secondHighest(answering.map(({ finalNumber }) => finalNumber));
  if (front === null || final === null) return null;
  const index = views.findIndex((view) => view !== null && view.head.number + MOST_BEHIND >= front);
  const believed = views[index];
  if (!believed) return null;
  return { index, finalNumber: final < believed.finalNumber ? final : believed.finalNumber };
}

/** Lag of each node in blocks; 0 if network delay explains the lag. */
export function behind(views: readonly (NodeView | null)[]): readonly bigint[] {
  const front = frontOf(views.filter((view) => view !== null));
  return views.map((view) => {
    const blocks = view === null || front === null ? 0n : front - view.head.number;
    return blocks > MOST_BEHIND ? blocks : 0n;
  });
}

/** Reference head: the highest of two nodes, the second highest of three, because one may run ahead. */
function frontOf(answering: readonly NodeView[]): bigint | null {
  const heads = answering.map(({ head }) => head.number);
  return answering.length > 2 ? secondHighest(heads) : highest(heads);
}

function highest(numbers: readonly bigint[]): bigint | null {
  return falling(numbers)[0] ?? null;
}

/** Second highest number; the highest if the list has only a single number. */
function secondHighest(numbers: readonly bigint[]): bigint | null {
  const [first, second] = falling(numbers);
  return second ?? first ?? null;
}

function falling(numbers: readonly bigint[]): readonly bigint[] {
  return [...numbers].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}

/**
 * Answers of other nodes about an immutable fact. Agreed if none contradicts and a second confirms;
 * a lone answer of several nodes ends no payment. `silent`: no block or answer. `unknown`: the node
 * should know.
 */
export type Vote = 'same' | 'other' | 'unknown' | 'silent';

export function isAgreed(votes: readonly Vote[], configuredNodes: number): boolean {
  if (votes.includes('other')) return false;
  return votes.includes('same') || configuredNodes === 1;
}
