import {
  leavingTopics,
  readTransferLog,
  type ChainSettings,
  type LoggedTransfer,
} from '@sluice/evm';
import { isObject } from '@sluice/kernel';
import { toHex, type Address, type Hex } from 'viem';
import type { Look } from '../chain/node-group.js';
import { resultOf } from '../chain/node-look.js';
import type { RpcNode } from '../chain/rpc-node.js';
import { hashOf, logsOf, quantity } from '../chain/rpc-results.js';

/** Transfer of a token in a final block. */
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

/** Reads all transfers of our tokens that leave our addresses; null if a node disagrees. */
export async function leavingLogs(
  { believed, others }: Look,
  { tokens, wallets }: ChainSettings,
  { first, last }: Range,
): Promise<readonly LeavingLog[] | null> {
  if (tokens.length === 0) return [];
  const filter = {
    fromBlock: toHex(first),
    toBlock: toHex(last),
    address: tokens.map(({ address }) => address),
    topics: leavingTopics(wallets.map(({ address }) => address)),
  };
  const [own, ...theirs] = await Promise.all(
    [believed, ...others.map(({ node }) => node)].map((node) => logsAt(node, filter)),
  );
  if (!own) return null;
  const shown = namesOf(own);
  return theirs.some((logs) => logs !== null && namesOf(logs) !== shown) ? null : own;
}

async function logsAt(node: RpcNode, filter: object): Promise<readonly LeavingLog[] | null> {
  const [answer] = await node.ask([{ method: 'eth_getLogs', params: [filter] }]);
  const result = resultOf(answer);
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
