import {
  leavingTopics,
  readTransferLog,
  type ChainSettings,
  type LoggedTransfer,
} from '@sluice/evm';
import { isObject, ok, refuse, type Result } from '@sluice/kernel';
import { toHex, type Address, type Hex } from 'viem';
import { causeOf, type Look, resultOf } from '../chain/node-group.js';
import type { RpcAnswer, RpcNode } from '../chain/rpc-node.js';
import { hashOf, logsOf, quantity } from '../chain/rpc-results.js';

export interface LeavingLog extends LoggedTransfer {
  readonly token: Address;
  readonly hash: Hex;
  readonly index: bigint;
  readonly blockNumber: bigint;
}

interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** Longest range of one call that each node has taken; absent: no node has refused a range. */
export type LogLengths = Map<RpcNode, bigint>;

type ReadLogs = Result<readonly LeavingLog[], string>;

/** Reads all transfers of our tokens that leave our addresses; refused if a node disagrees. */
export async function leavingLogs(
  { believed, others }: Look,
  { tokens, wallets }: ChainSettings,
  range: Range,
  lengths: LogLengths,
): Promise<ReadLogs> {
  if (tokens.length === 0) return ok([]);
  const filter = {
    address: tokens.map(({ address }) => address),
    topics: leavingTopics(wallets.map(({ address }) => address)),
  };
  const nodes = [believed, ...others.map(({ node }) => node)];
  const [own, ...theirs] = await Promise.all(
    nodes.map((node) => logsAt(node, filter, range, lengths)),
  );
  if (!own?.ok) return own ?? refuse('no node was asked');
  const shown = namesOf(own.value);
  return theirs.some((logs) => logs.ok && namesOf(logs.value) !== shown)
    ? refuse('nodes disagree on the logs')
    : own;
}

/** Splits the range as the node demands. */
async function logsAt(
  node: RpcNode,
  filter: object,
  { first, last }: Range,
  lengths: LogLengths,
): Promise<ReadLogs> {
  const logs: LeavingLog[] = [];
  let from = first;
  while (from <= last) {
    const most = from + (lengths.get(node) ?? last - first + 1n) - 1n;
    const to = most < last ? most : last;
    const blocks = { fromBlock: toHex(from), toBlock: toHex(to) };
    const [answer] = await node.ask([
      { method: 'eth_getLogs', params: [{ ...filter, ...blocks }] },
    ]);
    const part = logsIn(resultOf(answer));
    if (part !== null) {
      logs.push(...part);
      from = to + 1n;
    } else if (from < to && isOfRange(answer)) lengths.set(node, (to - from + 1n) / 2n);
    else {
      lengths.delete(node);
      return refuse(
        `${node.name} shows no logs of block ${from}: ${answer ? causeOf(answer) : ''}`,
      );
    }
  }
  return ok(logs);
}

/** True if a shorter range may be answered: nodes limit blocks, logs, bytes and time. */
function isOfRange(answer: RpcAnswer | undefined): boolean {
  if (answer?.kind === 'broken') return /^status (?!401|429|502|503)/.test(answer.cause);
  return (
    answer?.kind === 'error' && !/too many requests|rate.?limit|per second/i.test(answer.message)
  );
}

function logsIn(result: unknown): readonly LeavingLog[] | null {
  if (!Array.isArray(result)) return null;
  const read = result.map(leavingLog);
  const whole = read.filter((log) => log !== null);
  return whole.length === read.length ? whole : null;
}

function leavingLog(value: unknown): LeavingLog | null {
  const [log] = logsOf([value]) ?? [];
  const transfer = log && readTransferLog(log);
  if (!transfer || !isObject(value)) return null;
  const hash = hashOf(value['transactionHash']);
  const [index, blockNumber] = [quantity(value['logIndex']), quantity(value['blockNumber'])];
  if (hash === null || index === null || blockNumber === null) return null;
  return { ...transfer, token: log.address, hash, index, blockNumber };
}

function namesOf(logs: readonly LeavingLog[]): string {
  return logs
    .map(({ hash, index, to, amount }) => `${hash} ${index} ${to} ${amount}`)
    .sort()
    .join();
}
