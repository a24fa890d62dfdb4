import { namesHolder, type PlainTransfer, type Receipt } from '@sluice/evm';
import { toHex, type Address } from 'viem';
import { balanceCall, balanceIn } from './balances.js';
import { blockCall, resultOf } from './node-look.js';
import type { RpcCall } from './rpc-answer.js';
import type { RpcNode } from './rpc-node.js';
import { blockOf, logsOf } from './rpc-results.js';

/** Minimum number of agreeing nodes; a single node proves no fact. */
const LEAST_NODES = 2;

type Witness = 'nothing_moved' | 'not_proven' | 'no_answer';

/**
 * True if several nodes prove a mined transfer moved no tokens. The balances of sender and
 * recipient must be equal before and after the block. The token must have logged no other transfer
 * of the sender in the block, because another transfer could hide this transfer. A single
 * contradicting node ends the proof.
 */
export async function movedNothing(
  nodes: readonly RpcNode[],
  transfer: PlainTransfer,
  receipt: Receipt,
): Promise<boolean> {
  const { token, from, to } = transfer;
  if (token === null || nodes.length < LEAST_NODES) return false;
  const witnesses = await Promise.all(
    nodes.map((node) => witnessOf(node, { token, from, to }, receipt)),
  );
  const proving = witnesses.filter((witness) => witness === 'nothing_moved');
  return !witnesses.includes('not_proven') && proving.length >= LEAST_NODES;
}

async function witnessOf(
  node: RpcNode,
  { token, from, to }: { readonly token: Address; readonly from: Address; readonly to: Address },
  { blockNumber, blockHash }: Receipt,
): Promise<Witness> {
  const [before, after] = [toHex(blockNumber - 1n), toHex(blockNumber)];
  const calls: readonly RpcCall[] = [
    blockCall(after),
    { method: 'eth_getLogs', params: [{ address: token, blockHash }] },
    ...[from, to].flatMap((holder) => [
      balanceCall(token, holder, before),
      balanceCall(token, holder, after),
    ]),
  ];
  const [block, logs, ...balances] = (await node.ask(calls)).map(resultOf);
  const [own, logged] = [blockOf(block), logsOf(logs)];
  const read = balances.map(balanceIn);
  if (own === null || logged === null || read.includes(null)) return 'no_answer';
  const [sentBefore, sentAfter, gotBefore, gotAfter] = read;
  const isSame = sentBefore === sentAfter && gotBefore === gotAfter;
  const isAlone = !logged.some((log) => namesHolder(log, token, from));
  return own.hash === blockHash && isSame && isAlone ? 'nothing_moved' : 'not_proven';
}
