import { isHex, toHex, type Address } from 'viem';
import type { ChainBalances } from './chain.js';
import { resultOf } from './node-look.js';
import type { RpcCall } from './rpc-answer.js';
import type { RpcNode } from './rpc-node.js';
import { quantity } from './rpc-results.js';

/** `balanceOf(address)` of ERC-20. */
const BALANCE_OF = '0x70a08231';

export function balanceCall(token: Address, of: Address, at: string): RpcCall {
  const data = `${BALANCE_OF}${of.slice(2).toLowerCase().padStart(64, '0')}`;
  return { method: 'eth_call', params: [{ to: token, data }, at] };
}

/** Parses the answer of a token; null unless the answer is a 32-byte number. */
export function balanceIn(result: unknown): bigint | null {
  return isHex(result) && result.length === 66 ? quantity(result) : null;
}

/** Reads the balances of an address; null if a value is missing. */
export async function readBalances(
  node: RpcNode,
  address: Address,
  tokens: readonly Address[],
  at: 'latest' | bigint,
): Promise<ChainBalances | null> {
  const block = at === 'latest' ? at : toHex(at);
  const [native, ...answers] = await node.ask([
    { method: 'eth_getBalance', params: [address, block] },
    ...tokens.map((token) => balanceCall(token, address, block)),
  ]);
  const coins = quantity(resultOf(native));
  const read = tokens.map((token, index) => [token, balanceIn(resultOf(answers[index]))] as const);
  const whole = read.filter((one): one is readonly [Address, bigint] => one[1] !== null);
  if (coins === null || whole.length < read.length) return null;
  return { native: coins, tokens: new Map(whole) };
}
