import { saysRevert, transferCalldata, type Fees, type PlainTransfer } from '@sluice/evm';
import { toHex } from 'viem';
import type { TransferTrial } from './chain.js';
import { balanceCall, balanceIn } from './balances.js';
import { causeOf, resultOf } from './node-look.js';
import type { RpcAnswer, RpcCall } from './rpc-answer.js';
import type { RpcNode } from './rpc-node.js';
import { quantity } from './rpc-results.js';
import { movedIn, probeCall, type ProbedTransfer } from './transfer-probe.js';

const TRUE = `0x${'1'.padStart(64, '0')}`;

/**
 * Simulates a transfer in a single batch: the sender's balance, the answer to the call, the moved
 * units of a token, and the gas at the fees to be signed. A contract can read the gas price. Without fees in the estimate, the
 * contract could behave differently on the chain.
 */
export function tryTransfer(
  node: RpcNode,
  transfer: PlainTransfer,
  fees: Fees,
  mostGas: bigint,
): Promise<TransferTrial> {
  return transfer.token === null
    ? tryNative(node, transfer, fees, mostGas)
    : tryToken(node, { ...transfer, token: transfer.token }, fees, mostGas);
}

async function tryNative(
  node: RpcNode,
  transfer: PlainTransfer,
  fees: Fees,
  mostGas: bigint,
): Promise<TransferTrial> {
  const { from, to, amount } = transfer;
  const call = { from, to, value: toHex(amount) };
  const [balance, gas] = await node.ask([
    { method: 'eth_getBalance', params: [from, 'latest'] },
    estimateCall(call, fees),
  ]);
  const nativeBalance = quantity(resultOf(balance));
  if (nativeBalance === null) return unavailable(balance);
  if (nativeBalance < amount) return { kind: 'short', balance: nativeBalance };
  return worksWith(gas, mostGas, { nativeBalance, tokenBalance: null });
}

async function tryToken(
  node: RpcNode,
  transfer: ProbedTransfer,
  fees: Fees,
  mostGas: bigint,
): Promise<TransferTrial> {
  const { from, token, amount } = transfer;
  const call = { from, to: token, data: transferCalldata(transfer) };
  const calls: readonly RpcCall[] = [
    { method: 'eth_getBalance', params: [from, 'latest'] },
    { method: 'eth_getCode', params: [token, 'latest'] },
    balanceCall(token, from, 'latest'),
    { method: 'eth_call', params: [call, 'latest'] },
    estimateCall(call, fees),
    probeCall(transfer),
  ];
  const [native, code, balance, answer, gas, probe] = await node.ask(calls);
  const nativeBalance = quantity(resultOf(native));
  if (nativeBalance === null) return unavailable(native);
  // A call to an address without code succeeds with an empty answer, like a call to a token without
  // a return value.
  if (resultOf(code) === '0x')
    return refused('no_contract', `there is no contract at ${token} on this chain`);
  if (typeof resultOf(code) !== 'string') return unavailable(code);
  const tokenBalance = balanceIn(resultOf(balance));
  if (tokenBalance === null) return unavailable(balance);
  if (tokenBalance < amount) return { kind: 'short', balance: tokenBalance };
  const word = resultOf(answer);
  if (word === undefined) return estimateFailed(answer);
  if (word !== '0x' && word !== TRUE)
    return refused('token_refuses', `the token answers ${String(word).slice(0, 80)}`);
  const moved = movedIn(resultOf(probe));
  if (moved !== null && (moved.received !== amount || moved.lost !== amount))
    return refused(
      'token_refuses',
      `of ${amount} units the sender would lose ${moved.lost} and the recipient receive ${moved.received}`,
    );
  return worksWith(gas, mostGas, { nativeBalance, tokenBalance });
}

/**
 * Estimates in the state of the head, like the other calls of a trial. Some nodes otherwise execute
 * all waiting transactions before each estimate.
 */
function estimateCall(call: object, { maxFeePerGas, maxPriorityFeePerGas }: Fees): RpcCall {
  const fees = {
    maxFeePerGas: toHex(maxFeePerGas),
    maxPriorityFeePerGas: toHex(maxPriorityFeePerGas),
  };
  return { method: 'eth_estimateGas', params: [{ ...call, ...fees }, 'latest'] };
}

/**
 * Gas limit with a margin of a fifth, for state changes before mining. Never above the limit of a
 * payment, because the fee of a withdrawal is fixed.
 */
function worksWith(
  answer: RpcAnswer | undefined,
  mostGas: bigint,
  balances: { readonly nativeBalance: bigint; readonly tokenBalance: bigint | null },
): TransferTrial {
  const gas = quantity(resultOf(answer));
  if (gas === null) return estimateFailed(answer);
  if (gas > mostGas)
    return refused(
      'gas_above_limit',
      `the transfer needs ${gas} units of gas, and a payment may use ${mostGas}`,
    );
  const withMargin = gas + gas / 5n;
  return { kind: 'works', gasLimit: withMargin < mostGas ? withMargin : mostGas, ...balances };
}

function estimateFailed(answer: RpcAnswer | undefined): TransferTrial {
  return answer?.kind === 'error' && saysRevert(answer.message)
    ? refused('would_revert', `it would be reverted: ${answer.message}`)
    : unavailable(answer);
}

function refused(
  reason: Extract<TransferTrial, { kind: 'refused' }>['reason'],
  message: string,
): TransferTrial {
  return { kind: 'refused', reason, message };
}

function unavailable(answer: RpcAnswer | undefined): TransferTrial {
  return { kind: 'unavailable', cause: answer ? causeOf(answer) : 'no answer' };
}
