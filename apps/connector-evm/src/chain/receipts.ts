import { type Hex, toHex } from 'viem';
import type { Receipt } from '@sluice/evm';
import { isObject } from '@sluice/kernel';
import { blockCall, isAgreed, type Look, resultOf, type Vote } from './node-group.js';
import {
  compareReceipts,
  hashOf,
  isWhole,
  logsOf,
  type ReceiptFields,
  receiptFieldsOf,
  receiptIn,
  withBlock,
  withCostOf,
  withTransaction,
} from './rpc-results.js';
import type { RpcCall, RpcNode } from './rpc-node.js';

interface AgreedReceipts {
  readonly seen: ReadonlyMap<Hex, Receipt | null>;
  readonly trouble: readonly string[];
}

/** Receipts of the trusted node; null in no block. In a final block all nodes must agree. */
export async function agreedReceipts(
  { believed, others, head }: Look,
  hashes: readonly Hex[],
  nodes: number,
): Promise<AgreedReceipts> {
  const seen = await receiptsAt(believed, hashes);
  const final = [...seen.values()]
    .filter((receipt) => receipt !== null)
    .filter(({ blockNumber }) => blockNumber <= head.finalNumber);
  const finalHashes = final.map(({ hash }) => hash);
  const elsewhere = await Promise.all(
    others.map(async ({ node, view }) => ({
      shown: await receiptsAt(node, finalHashes),
      headNumber: view.head.number,
    })),
  );
  const trouble: string[] = [];
  for (const receipt of final) {
    const votes = elsewhere.map(({ shown, headNumber }) =>
      voteOn(receipt, shown.get(receipt.hash), headNumber),
    );
    if (isAgreed(votes, nodes)) {
      const others = elsewhere.flatMap(({ shown }) => shown.get(receipt.hash) ?? []);
      seen.set(receipt.hash, others.reduce(withCostOf, receipt));
      continue;
    }
    trouble.push(
      votes.includes('other') || votes.includes('unknown')
        ? `nodes do not agree on the receipt of ${receipt.hash}`
        : `no second node has the receipt of ${receipt.hash}`,
    );
    seen.delete(receipt.hash);
  }
  return { seen, trouble };
}

function voteOn(own: Receipt, other: Receipt | null | undefined, headNumber: bigint): Vote {
  if (other === undefined || headNumber < own.blockNumber) return 'silent';
  if (other === null) return 'unknown';
  return compareReceipts(own, other);
}

/**
 * Receipts by hash; null in no block. Missing fields come from transaction, block and logs. Absent
 * without an answer.
 */
async function receiptsAt(
  node: RpcNode,
  hashes: readonly Hex[],
): Promise<Map<Hex, Receipt | null>> {
  const answers = await node.ask(
    hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
  );
  const shown = new Map<Hex, Receipt | null>();
  const parts: ReceiptFields[] = [];
  hashes.forEach((hash, index) => {
    const result = resultOf(answers[index]);
    const fields = receiptFieldsOf(result, hash);
    if (result === null) shown.set(hash, null);
    else if (fields !== null) parts.push(fields);
  });
  const whole = parts.filter(isWhole);
  const completed = await completedAt(
    node,
    parts.filter((one) => !whole.includes(one)),
  );
  for (const fields of [...whole, ...completed]) {
    const receipt = receiptIn(fields);
    if (receipt !== null) shown.set(fields.hash, receipt);
  }
  return shown;
}

async function completedAt(
  node: RpcNode,
  parts: readonly ReceiptFields[],
): Promise<readonly ReceiptFields[]> {
  if (parts.length === 0) return [];
  const answers = await node.ask(
    parts.map(({ hash }) => ({ method: 'eth_getTransactionByHash', params: [hash] })),
  );
  const transactions = answers.map(resultOf);
  const placed = parts.map((fields, index) => withTransaction(fields, transactions[index]));
  const calls = placed.map(blockOfCall);
  const more = (await node.ask([...calls, ...placed.map(logsCall)])).map(resultOf);
  return placed.map((fields, index) => {
    const known = withBlock(fields, transactions[index], more[index]);
    return { ...known, logs: known.logs ?? logsOfTransaction(more[calls.length + index], known) };
  });
}

function blockOfCall({ blockHash, blockNumber }: ReceiptFields): RpcCall {
  return blockHash === null
    ? blockCall(blockNumber === null ? 'latest' : toHex(blockNumber))
    : { method: 'eth_getBlockByHash', params: [blockHash, false] };
}

/** The same call for all receipts that need no logs: an equal call is sent once. */
function logsCall({ logs, blockHash }: ReceiptFields): RpcCall {
  return logs === null && blockHash !== null
    ? { method: 'eth_getLogs', params: [{ blockHash }] }
    : { method: 'eth_chainId', params: [] };
}

function logsOfTransaction(logs: unknown, { hash, blockHash }: ReceiptFields): Receipt['logs'] {
  if (blockHash === null || !Array.isArray(logs)) return null;
  return logsOf(logs.filter((log) => !isObject(log) || hashOf(log['transactionHash']) === hash));
}
