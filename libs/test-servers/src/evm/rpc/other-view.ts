import { askOne, type ProxiedAnswer, type ProxiedCall } from './rpc-call.js';

/**
 * A node with a view of the chain different from the other nodes: lagging, or on a separate branch.
 */
interface OtherView {
  /** Rewrites a request to the node. */
  ask(call: ProxiedCall): ProxiedCall;
  /** Rewrites the node's response. */
  tell(call: ProxiedCall, answer: ProxiedAnswer): ProxiedAnswer;
}

export type ViewOf = (url: string) => Promise<OtherView>;

/** Position of the block parameter in state queries. */
const STATE_AT: Readonly<Record<string, number>> = {
  eth_getBalance: 1,
  eth_getTransactionCount: 1,
  eth_getCode: 1,
  eth_getStorageAt: 2,
  eth_call: 1,
  eth_estimateGas: 1,
  eth_feeHistory: 1,
};
const MINED = ['eth_getTransactionReceipt', 'eth_getTransactionByHash'];

/**
 * View of a node lagging by `blocks` blocks: newer transactions are missing in the blocks and in
 * the pool.
 */
export function laggingBy(blocks: number): ViewOf {
  return async (url) => {
    const [head, final] = await Promise.all([numberOf(url, 'latest'), numberOf(url, 'finalized')]);
    const seen = below(head, blocks);
    return {
      ask: (call) => at(call, seen, below(final, blocks)),
      tell: (call, answer) => withoutNewerThan(seen, call, answer),
    };
  };
}

/**
 * View of a node on a separate branch after `block`: the same height as the other nodes, other
 * hashes, and no transactions of the other branch.
 */
export function forkedAfter(block: bigint): ViewOf {
  return async () => ({
    ask: (call) => (call.method in STATE_AT ? at(call, block, block) : call),
    tell: (call, answer) =>
      call.method.startsWith('eth_getBlock')
        ? onBranch(block, answer)
        : withoutNewerThan(block, call, answer, false),
  });
}

function at(call: ProxiedCall, latest: bigint, final: bigint): ProxiedCall {
  const place = call.method === 'eth_getBlockByNumber' ? 0 : STATE_AT[call.method];
  if (place === undefined) return call;
  const asked = call.params[place] ?? 'latest';
  const number =
    asked === 'latest' || asked === 'pending'
      ? latest
      : asked === 'finalized' || asked === 'safe'
        ? final
        : null;
  if (number === null) return call;
  const params = [...call.params];
  params[place] = hex(number);
  return { ...call, params };
}

function withoutNewerThan(
  seen: bigint,
  { method }: ProxiedCall,
  answer: ProxiedAnswer,
  hidesHead = true,
): ProxiedAnswer {
  if ('error' in answer) return answer;
  if (method === 'eth_blockNumber') return hidesHead ? { ...answer, result: hex(seen) } : answer;
  const { result } = answer;
  const place = MINED.includes(method) ? 'blockNumber' : 'number';
  if (!MINED.includes(method) && method !== 'eth_getBlockByNumber') return answer;
  const number = numberIn(result, place);
  return number !== null && number > seen ? { ...answer, result: null } : answer;
}

function onBranch(after: bigint, answer: ProxiedAnswer): ProxiedAnswer {
  if ('error' in answer) return answer;
  const { result } = answer;
  const number = numberIn(result, 'number');
  if (number === null || number <= after || typeof result !== 'object') return answer;
  const block = result as Readonly<Record<string, unknown>>;
  return {
    ...answer,
    result: {
      ...block,
      hash: otherHash(block['hash']),
      ...(number > after + 1n && { parentHash: otherHash(block['parentHash']) }),
      transactions: [],
    },
  };
}

/** Returns a replacement hash, always the same for the same block. */
function otherHash(hash: unknown): unknown {
  return typeof hash === 'string' ? `0xf0f0${[...hash.slice(6)].reverse().join('')}` : hash;
}

function numberIn(value: unknown, field: string): bigint | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = (value as Readonly<Record<string, unknown>>)[field];
  return typeof found === 'string' ? BigInt(found) : null;
}

async function numberOf(url: string, tag: string): Promise<bigint> {
  return numberIn(await askOne(url, 'eth_getBlockByNumber', [tag, false]), 'number') ?? 0n;
}

function below(number: bigint, blocks: number): bigint {
  const lower = number - BigInt(blocks);
  return lower < 0n ? 0n : lower;
}

function hex(number: bigint): string {
  return `0x${number.toString(16)}`;
}
