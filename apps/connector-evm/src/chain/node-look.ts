import type { ChainSettings } from '@sluice/evm';
import { toHex, type Hex } from 'viem';
import type { NodeView } from './believe.js';
import type { RpcAnswer, RpcCall } from './rpc-answer.js';
import type { RpcNode } from './rpc-node.js';
import { blockOf, quantity, type Block } from './rpc-results.js';

/** A view, or why there is none; `rests`: the node did not answer at all, and is left alone for a while. */
export type NodeLook =
  | { readonly kind: 'view'; readonly view: NodeView }
  | { readonly kind: 'none'; readonly why: string; readonly rests: boolean };

/** Polls a node for chain id, head and final block. */
export async function lookAt(node: RpcNode, settings: ChainSettings): Promise<NodeLook> {
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
