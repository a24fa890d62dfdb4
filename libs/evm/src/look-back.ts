import type { Hex } from 'viem';
import type { Receipt } from './chain-facts.js';

/** A final transaction, from our own row. */
interface FinalTransaction {
  readonly blockHash: Hex;
  readonly status: 'success' | 'reverted';
}

/**
 * Compares a final transaction with a later poll.
 *
 * - `taken_back`: the final block is gone; no record is rewritten, and an operator must check.
 * - `moved`: the transaction is in another block with the same result.
 * - `unseen`: an answer or the outcome is missing; no fact is proven.
 *
 * @param blockHash current hash of the block with the stored number
 * @param receipt undefined if not requested or not answered
 */
export function lookBack(
  final: FinalTransaction,
  blockHash: Hex | null,
  receipt: Receipt | null | undefined,
): 'holds' | 'moved' | 'taken_back' | 'unseen' {
  if (blockHash === null) return 'unseen';
  if (blockHash === final.blockHash) return 'holds';
  if (receipt === undefined || receipt?.status === 'unknown') return 'unseen';
  return receipt?.status === final.status ? 'moved' : 'taken_back';
}
