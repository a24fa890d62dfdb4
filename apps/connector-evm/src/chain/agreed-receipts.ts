import type { Receipt } from '@sluice/evm';
import type { Hex } from 'viem';
import { isAgreed, type Vote } from './believe.js';
import type { Look } from './node-group.js';
import { compareReceipts, withCostOf } from './receipt-fields.js';
import { receiptsAt } from './receipts-at.js';

interface AgreedReceipts {
  readonly seen: ReadonlyMap<Hex, Receipt | null>;
  readonly trouble: readonly string[];
}

/**
 * Receipts from the trusted node; null for a hash in no block. A receipt in a final block is missing
 * unless the other nodes agree. `nodes`: how many nodes the chain's settings name.
 */
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
