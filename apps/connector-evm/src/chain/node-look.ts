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
  const answers = await node.ask(calls);
  const [chain, latest, finalized] = answers;
  const failed = answers.find((answer) => answer.kind !== 'result');
  if (failed) return none(causeOf(failed), failed.kind !== 'error');

  const itsChain = quantity(resultOf(chain));
  if (itsChain !== BigInt(chainId))
    return none(`is on chain ${itsChain ?? 'unknown'}, not ${chainId}`);
  const head = blockOf(resultOf(latest));
  if (head === null) return none('shows no block that can be read');
  if (head.baseFeePerGas === null) return none('has no base fee: its chain lacks EIP-1559');
  // A young chain has no final block yet.
  const final = finality === 'finalized' ? blockOf(resultOf(finalized)) : null;
  const finalNumber =
    finality === 'finalized'
      ? (final?.number ?? -1n)
      : head.number - BigInt(finality.confirmations) + 1n;
  return { kind: 'view', view: { head, finalNumber } };
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
