import { parseTransaction, type Hex } from 'viem';
import type { ProxiedAnswer, ProxiedCall } from './rpc-call.js';

/** Limits and habits of real nodes and gateways, in place of lies. */
export interface NodeLimits {
  /** Longest list of calls; 0 refuses every list. */
  readonly mostCalls?: number;
  /** Refusal of a longer list; default: `error`, a single error without a list. */
  readonly refusesLists?: 'error' | 'list' | 'status' | 'html';
  readonly ids?: 'text';
  readonly order?: 'reversed';
  /** Leaves out each answer with this place in a list, counted from 1. */
  readonly leavesOut?: number;
  /** Block tags that the node does not know. */
  readonly unknownTags?: readonly string[];
  /** Longest range of `eth_getLogs`, in blocks. */
  readonly mostLogBlocks?: number;
  /** Refusal of a longer range; default: `error`. */
  readonly refusesRanges?: 'error' | 'status';
  /** Least priority fee of a sent transaction, in wei. */
  readonly leastTip?: bigint;
}

interface WholeAnswer {
  readonly status: number;
  readonly type: 'application/json' | 'text/html';
  readonly body: string;
}

/** Returns the answer to a request that the node does not process; null otherwise. */
export function refusalOfRequest(
  { mostCalls = Infinity, refusesLists = 'error', mostLogBlocks, refusesRanges }: NodeLimits,
  { batch, calls }: { readonly batch: boolean; readonly calls: readonly ProxiedCall[] },
): WholeAnswer | null {
  if (refusesRanges === 'status' && calls.some((call) => isTooWide(call, mostLogBlocks)))
    return { status: 413, type: 'text/html', body: '<html>Request Entity Too Large</html>' };
  if (!batch || calls.length <= mostCalls) return null;
  const error = {
    jsonrpc: '2.0',
    id: null,
    error: { code: -32600, message: 'batch too large' },
  };
  switch (refusesLists) {
    case 'error':
      return { status: 200, type: 'application/json', body: JSON.stringify(error) };
    case 'list':
      return { status: 200, type: 'application/json', body: JSON.stringify([error]) };
    case 'status':
      return { status: 413, type: 'application/json', body: '' };
    case 'html':
      return { status: 400, type: 'text/html', body: '<html>Bad Request</html>' };
  }
}

/** Returns the error of a single call that the node refuses; null otherwise. */
export function refusalOfCall(
  { unknownTags = [], mostLogBlocks, leastTip }: NodeLimits,
  call: ProxiedCall,
): { readonly code: number; readonly message: string } | null {
  if (call.params.some((param) => unknownTags.some((tag) => tag === param)))
    return { code: -32602, message: `invalid argument 0: hex string without 0x prefix` };
  if (isTooWide(call, mostLogBlocks))
    return {
      code: -32600,
      message: `Under the Free tier plan, you can make eth_getLogs requests with up to a ${mostLogBlocks} block range`,
    };
  if (leastTip === undefined || call.method !== 'eth_sendRawTransaction') return null;
  const tip = parseTransaction(String(call.params[0]) as Hex).maxPriorityFeePerGas ?? 0n;
  return tip >= leastTip
    ? null
    : {
        code: -32000,
        message: `transaction underpriced: gas tip cap ${tip}, minimum needed ${leastTip}`,
      };
}

/** Writes answers as the node does. */
export function inHabitOf(
  { ids, order, leavesOut }: NodeLimits,
  answers: readonly (ProxiedAnswer | undefined)[],
): readonly (ProxiedAnswer | undefined)[] {
  const written = answers.map((one) =>
    one && ids === 'text' ? { ...one, id: String(one.id) } : one,
  );
  const left = answers.length === 1 ? written : written.filter((_, at) => at + 1 !== leavesOut);
  return order === 'reversed' ? [...left].reverse() : left;
}

function isTooWide({ method, params }: ProxiedCall, mostBlocks = Infinity): boolean {
  const [filter] = params as readonly { readonly fromBlock?: Hex; readonly toBlock?: Hex }[];
  if (method !== 'eth_getLogs' || !filter?.fromBlock || !filter.toBlock) return false;
  return Number(BigInt(filter.toBlock) - BigInt(filter.fromBlock)) + 1 > mostBlocks;
}
