import { type Address, type Hex, isHex, pad, toHex } from 'viem';
import {
  type Fees,
  namesHolder,
  type PlainTransfer,
  type Receipt,
  saysRevert,
  transferCalldata,
} from '@sluice/evm';
import type { ChainBalances, TransferTrial } from './chain.js';
import { blockCall, causeOf, resultOf } from './node-group.js';
import type { RpcAnswer, RpcCall, RpcNode } from './rpc-node.js';
import { blockOf, logsOf, quantity } from './rpc-results.js';

const TRUE = `0x${'1'.padStart(64, '0')}`;

/** Simulates a transfer in one batch, at the fees to be signed: a contract can read the gas price. */
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
  // A call to an address without code succeeds with an empty answer.
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

/** Estimates in the state of the head: some nodes otherwise execute all waiting transactions. */
function estimateCall(call: object, { maxFeePerGas, maxPriorityFeePerGas }: Fees): RpcCall {
  const fees = {
    maxFeePerGas: toHex(maxFeePerGas),
    maxPriorityFeePerGas: toHex(maxPriorityFeePerGas),
  };
  return { method: 'eth_estimateGas', params: [{ ...call, ...fees }, 'latest'] };
}

/** Gas limit with a fifth as margin, never above the limit of a payment. */
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

type ProbedTransfer = PlainTransfer & { readonly token: Address };

/** Units that the two balances of a simulated transfer changed by. */
interface MovedUnits {
  readonly lost: bigint;
  readonly received: bigint;
}

/**
 * Code at the sender's address during a simulation; input: token, sender, recipient, amount. It
 * returns the balances of recipient and sender before and after `transfer`, and reverts if a call
 * fails.
 */
const PROBE = [
  '0x6370a0823160e01b60005260403560045260206080602460006000355afa156100dc5760203d106100dc57',
  '6370a0823160e01b600052602035600452602060a0602460006000355afa156100dc5760203d106100dc57',
  '63a9059cbb60e01b600052604035600452606035602452600060006044600060006000355af1156100dc57',
  '6370a0823160e01b600052604035600452602060c0602460006000355afa156100dc5760203d106100dc57',
  '6370a0823160e01b600052602035600452602060e0602460006000355afa156100dc5760203d106100dc57',
  '60806080f35b60006000fd',
].join('');

function probeCall({ token, from, to, amount }: ProbedTransfer): RpcCall {
  const words = [token, from, to, toHex(amount)].map((word) => pad(word, { size: 32 }).slice(2));
  const call = { to: from, data: `0x${words.join('')}` };
  return { method: 'eth_call', params: [call, 'latest', { [from]: { code: PROBE } }] };
}

/** Null if the node does not simulate with other code, or if the token treats a contract otherwise. */
function movedIn(result: unknown): MovedUnits | null {
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

/** Minimum number of agreeing nodes; a single node proves no fact. */
const LEAST_NODES = 2;

type Witness = 'nothing_moved' | 'not_proven' | 'no_answer';

/**
 * True if several nodes prove that a mined transfer moved no tokens: equal balances around the
 * block, and no other transfer of the sender in it. One contradiction ends the proof.
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

/** `balanceOf(address)` of ERC-20. */
const BALANCE_OF = '0x70a08231';

function balanceCall(token: Address, of: Address, at: string): RpcCall {
  const data = `${BALANCE_OF}${of.slice(2).toLowerCase().padStart(64, '0')}`;
  return { method: 'eth_call', params: [{ to: token, data }, at] };
}

function balanceIn(result: unknown): bigint | null {
  return isHex(result) && result.length === 66 ? quantity(result) : null;
}

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
