import type { PlainTransfer } from '@sluice/evm';
import { isHex, pad, toHex, type Address, type Hex } from 'viem';
import type { RpcCall } from './rpc-answer.js';

export type ProbedTransfer = PlainTransfer & { readonly token: Address };

/** Units that the two balances of a simulated transfer changed by. */
interface MovedUnits {
  readonly lost: bigint;
  readonly received: bigint;
}

/**
 * Code that stands at the sender's address during a simulation, with the words token, sender,
 * recipient and amount as input. The code reads `balanceOf` of recipient and sender, calls
 * `transfer(recipient, amount)`, reads both balances again, and returns the four balances in this
 * order. The code reverts if a call fails or returns no balance.
 */
const PROBE = [
  '0x6370a0823160e01b60005260403560045260206080602460006000355afa156100dc5760203d106100dc57',
  '6370a0823160e01b600052602035600452602060a0602460006000355afa156100dc5760203d106100dc57',
  '63a9059cbb60e01b600052604035600452606035602452600060006044600060006000355af1156100dc57',
  '6370a0823160e01b600052604035600452602060c0602460006000355afa156100dc5760203d106100dc57',
  '6370a0823160e01b600052602035600452602060e0602460006000355afa156100dc5760203d106100dc57',
  '60806080f35b60006000fd',
].join('');

/** Simulates a transfer of a token with the balances before and after. */
export function probeCall({ token, from, to, amount }: ProbedTransfer): RpcCall {
  const words = [token, from, to, toHex(amount)].map((word) => pad(word, { size: 32 }).slice(2));
  const call = { to: from, data: `0x${words.join('')}` };
  return { method: 'eth_call', params: [call, 'latest', { [from]: { code: PROBE } }] };
}

/** Null if the node does not simulate with other code, or if the token treats a contract otherwise. */
export function movedIn(result: unknown): MovedUnits | null {
  if (!isHex(result) || result.length !== 2 + 4 * 64) return null;
  const [received = 0n, lost = 0n] = [0, 1].map((place) => {
    const [before, after] = [wordAt(result, place), wordAt(result, place + 2)];
    return place === 0 ? after - before : before - after;
  });
  return { lost, received };
}

function wordAt(result: Hex, place: number): bigint {
  return BigInt(`0x${result.slice(2 + 64 * place, 66 + 64 * place)}`);
}
