import { unreachable } from '@sluice/result';
import type { Hex } from 'viem';
import type { Head, Receipt } from './chain-facts.js';
import type { FeePolicy } from './chain-settings.js';
import { dearest, quoteFees, replacementFees, type FeeQuote, type Fees } from './fees.js';
import type { PlainTransfer } from './plain-transfer.js';
import { proofOf } from './transfer-proof.js';

export type TransactionKind = 'payment' | 'void' | 'top_up';

/** One nonce of one of our addresses, as our rows tell it. */
export interface OpenNonce {
  readonly nonce: bigint;
  /** What is to become of it: the transfer, or a void in its place once nobody wants that any more. */
  readonly aim: 'transfer' | 'void';
  /** Null where it was leased for a void. */
  readonly transfer: PlainTransfer | null;
  /** Everything that was ever signed under this nonce, oldest first: each may be mined until one is final. */
  readonly transactions: readonly SignedTransaction[];
}

export interface SignedTransaction extends Fees {
  readonly hash: Hex;
  readonly kind: TransactionKind;
  /** A signed fact: no block can charge more units of gas than this, nor more wei for each than `maxFeePerGas`. */
  readonly gasLimit: bigint;
  /** The head when it was first let go; null while no byte of it can have left. */
  readonly sentAtBlock: bigint | null;
}

/** What one look showed. What is missing in a map was not asked or not answered, and proves nothing. */
export interface SeenNonce {
  readonly receipts: ReadonlyMap<Hex, Receipt | null>;
  /** Of the blocks that the receipts name, asked after them. */
  readonly blockHashes: ReadonlyMap<bigint, Hex | null>;
  readonly known: ReadonlyMap<Hex, boolean>;
  /** How many transactions the address has: now, and at the final block. */
  readonly nonceCount: { readonly latest: bigint; readonly final: bigint };
  /** Which transaction used the nonce, at a final block, where somebody has asked (`identify`). */
  readonly usedBy: Hex | null;
  /** Whether several nodes prove that the mined transfer moved nothing of the token; null where that was not asked (`weigh`). */
  readonly movedNothing: boolean | null;
}

export type Verdict =
  /** In no block, or in one that may still go. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'mined'; readonly receipt: Receipt; readonly confirmations: bigint }
  /** All others are final. `settled`: the transfer is paid. */
  | { readonly kind: 'settled'; readonly receipt: Receipt; readonly confirmations: bigint }
  | {
      readonly kind: 'failed';
      readonly receipt: Receipt;
      readonly reason: 'reverted' | 'no_transfer';
    }
  /** A void of ours has used the nonce: what was signed under it can never be mined. */
  | { readonly kind: 'void'; readonly receipt: Receipt }
  /** Somebody else's transaction has used it: a key of ours is used elsewhere. */
  | { readonly kind: 'dead'; readonly usedBy: Hex }
  /** The token logged something else than was asked, or nothing at all: it is neither proven paid nor proven unpaid. */
  | { readonly kind: 'disputed'; readonly receipt: Receipt };

export type Step =
  | { readonly kind: 'nothing' }
  /** Nobody seems to have these bytes. */
  | { readonly kind: 'resend'; readonly hash: Hex }
  /** Sign again under the same nonce, and send. */
  | { readonly kind: 'replace'; readonly as: TransactionKind; readonly fees: Fees }
  /** Nothing has left under this nonce and nothing ever will: a void keeps those behind it moving. */
  | { readonly kind: 'fill'; readonly fees: Fees }
  /** Ask which transaction used the nonce, and decide again. */
  | { readonly kind: 'identify' }
  /** The token logged no transfer: ask several nodes whether it moved anything, and decide again. */
  | { readonly kind: 'weigh'; readonly transfer: PlainTransfer; readonly receipt: Receipt }
  /** It should be replaced, and the cap does not allow it. */
  | { readonly kind: 'held_back'; readonly cause: string };

export interface Decision {
  readonly verdict: Verdict;
  readonly step: Step;
}

const NOTHING: Step = { kind: 'nothing' };
const PENDING: Verdict = { kind: 'pending' };

/**
 * What is true of a nonce, and what to do. Only a block that is final ends it: with a receipt of ours in it, or with somebody else's transaction that is
 * known by its hash. Time ends nothing, and neither does a node that does not know a hash.
 */
export function follow(open: OpenNonce, seen: SeenNonce, head: Head, policy: FeePolicy): Decision {
  const receipt = standingReceipt(open, seen);
  if (receipt) return decisionOf(open, receipt, seen, head);
  if (seen.nonceCount.final > open.nonce) return usedElsewhere(open, seen);
  return { verdict: PENDING, step: nextStep(open, seen, head, policy) };
}

/**
 * The receipt of ours whose block is still in the chain; null where there is none, or more than one, which no chain has. A receipt that charges more than
 * was signed is false: no chain can have it, and the node that shows it is not believed.
 */
function standingReceipt({ transactions }: OpenNonce, seen: SeenNonce): Receipt | null {
  const standing = transactions.flatMap((transaction) => {
    const receipt = seen.receipts.get(transaction.hash);
    if (receipt === null || receipt === undefined) return [];
    const isThere = seen.blockHashes.get(receipt.blockNumber) === receipt.blockHash;
    return isThere && isWithinSigned(transaction, receipt) ? [receipt] : [];
  });
  return standing.length === 1 ? (standing[0] ?? null) : null;
}

/** Whether a receipt charges at most what the transaction was signed for. */
export function isWithinSigned(
  { gasLimit, maxFeePerGas }: Pick<SignedTransaction, 'gasLimit' | 'maxFeePerGas'>,
  { gasUsed, effectiveGasPrice }: Receipt,
): boolean {
  return gasUsed <= gasLimit && effectiveGasPrice <= maxFeePerGas;
}

function decisionOf(open: OpenNonce, receipt: Receipt, seen: SeenNonce, head: Head): Decision {
  const confirmations =
    head.number < receipt.blockNumber ? 1n : head.number - receipt.blockNumber + 1n;
  const mined: Verdict = { kind: 'mined', receipt, confirmations };
  if (receipt.blockNumber > head.finalNumber) return { verdict: mined, step: NOTHING };
  const final = finalVerdict(open, receipt, confirmations, seen.movedNothing);
  if (final !== 'weigh') return { verdict: final, step: NOTHING };
  const { transfer } = open;
  return { verdict: mined, step: transfer ? { kind: 'weigh', transfer, receipt } : NOTHING };
}

function finalVerdict(
  open: OpenNonce,
  receipt: Receipt,
  confirmations: bigint,
  movedNothing: boolean | null,
): Verdict | 'weigh' {
  const mined = open.transactions.find(({ hash }) => hash === receipt.hash);
  if (mined?.kind === 'void') return { kind: 'void', receipt };
  // It was given up and left all the same, as in a life before a restore: it has paid something.
  if (open.transfer === null)
    return { kind: receipt.status === 'reverted' ? 'void' : 'disputed', receipt };
  const proof = proofOf(open.transfer, receipt);
  switch (proof) {
    case 'paid':
      return { kind: 'settled', receipt, confirmations };
    case 'reverted':
      return { kind: 'failed', receipt, reason: proof };
    case 'silent':
      if (movedNothing === null) return 'weigh';
      return movedNothing
        ? { kind: 'failed', receipt, reason: 'no_transfer' }
        : { kind: 'disputed', receipt };
    case 'otherwise':
      return { kind: 'disputed', receipt };
    default:
      return unreachable(proof);
  }
}

/** The count alone proves nothing: a node may lie or know our receipt only a moment later. */
function usedElsewhere({ transactions }: OpenNonce, { usedBy }: SeenNonce): Decision {
  if (usedBy === null) return { verdict: PENDING, step: { kind: 'identify' } };
  const isOurs = transactions.some(({ hash }) => hash === usedBy);
  return { verdict: isOurs ? PENDING : { kind: 'dead', usedBy }, step: NOTHING };
}

function nextStep(open: OpenNonce, seen: SeenNonce, head: Head, policy: FeePolicy): Step {
  const { transactions, aim } = open;
  const last = transactions.at(-1);
  if (aim === 'void' && last?.kind !== 'void') {
    // What was signed and never left is no rival in any pool, but it might have: a void outbids it all the same.
    const fees = nextFees(open, head, policy);
    if (fees.kind === 'above_cap') return { kind: 'held_back', cause: fees.cause };
    const hasLeft = transactions.some(({ sentAtBlock }) => sentAtBlock !== null);
    return hasLeft
      ? { kind: 'replace', as: 'void', fees: fees.fees }
      : { kind: 'fill', fees: fees.fees };
  }
  if (last === undefined || !isLetGo(transactions, last)) return NOTHING;
  const isStuckNow = isStuck(open.nonce, last, seen, head, policy);
  // Bytes that no block takes at this price come back from every pool: sending them once more would go on for ever.
  const isTooCheap = isStuckNow && last.maxFeePerGas < head.baseFeePerGas;
  if (last.sentAtBlock === null || (seen.known.get(last.hash) === false && !isTooCheap))
    return { kind: 'resend', hash: last.hash };
  if (!isStuckNow) return NOTHING;
  const fees = nextFees(open, head, policy);
  if (fees.kind === 'above_cap') return { kind: 'held_back', cause: fees.cause };
  return { kind: 'replace', as: last.kind, fees: fees.fees };
}

/**
 * A payment that nobody has let go belongs to the submission that will. Everything after it, a void and a top-up are ours to send: a process may have died
 * between signing and sending.
 */
function isLetGo(transactions: readonly SignedTransaction[], last: SignedTransaction): boolean {
  return last.kind !== 'payment' || transactions.some(({ sentAtBlock }) => sentAtBlock !== null);
}

/** Sent long ago by the count of blocks, and either the next of its address or too cheap for any block: what waits behind another is not stuck by itself. */
function isStuck(
  nonce: bigint,
  last: SignedTransaction,
  { nonceCount }: SeenNonce,
  { number, baseFeePerGas }: Head,
  { stuckAfterBlocks }: FeePolicy,
): boolean {
  if (last.sentAtBlock === null || number - last.sentAtBlock < BigInt(stuckAfterBlocks))
    return false;
  return nonceCount.latest === nonce || last.maxFeePerGas < baseFeePerGas;
}

function nextFees({ transactions }: OpenNonce, head: Head, policy: FeePolicy): FeeQuote {
  const [first, ...rest] = transactions;
  return first === undefined
    ? quoteFees(head, policy)
    : replacementFees(dearest(first, ...rest), head, policy);
}

/** A transaction that was final, as its row has it. */
interface FinalTransaction {
  readonly blockHash: Hex;
  readonly status: Receipt['status'];
}

/**
 * What a later look at a final transaction shows. `taken_back` rewrites nothing: what was told stays told, and a person has to look. `moved`: it is in
 * another block, to the same end. `unseen`: an answer is missing, which proves nothing.
 *
 * @param blockHash of the block with its number, now
 * @param receipt undefined where it was not asked or not answered
 */
export function lookBack(
  final: FinalTransaction,
  blockHash: Hex | null,
  receipt: Receipt | null | undefined,
): 'holds' | 'moved' | 'taken_back' | 'unseen' {
  if (blockHash === null) return 'unseen';
  if (blockHash === final.blockHash) return 'holds';
  if (receipt === undefined) return 'unseen';
  return receipt?.status === final.status ? 'moved' : 'taken_back';
}
