import { monotonicMs } from '@sluice/runtime';
import { weiOfGwei, type ChainSettings, type Head } from '@sluice/evm';
import { behind, believe, type NodeView } from './believe.js';
import { blocksAt, lookAt, type NodeLook } from './node-look.js';
import type { RpcNode } from './rpc-node.js';

/** Pause after a node without an answer: polls skip the node meanwhile. */
const REST_MS = 10_000;

/** Result of a poll, valid until the next poll. */
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

  /**
   * Returns a sentence if two nodes disagree on a final block. In this case no node is trusted
   * until a person or the chain resolves the difference.
   */
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
