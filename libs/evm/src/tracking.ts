import { unreachable } from '@sluice/kernel';
import type { Hex } from 'viem';
import type { FeePolicy, Head, Receipt } from './chain-settings.js';
import { dearest, quoteFees, replacementFees, type Fees } from './fees.js';
import { type PlainTransfer, proofOf } from './transfer-proof.js';
import { isPauseOver, leastFees, mustRaise, type NodeRefusal } from './node-errors.js';

export type TransactionKind = 'payment' | 'void' | 'top_up';

export interface OpenNonce {
  readonly nonce: bigint;
  /** Intended use: the transfer, or a void after the transfer is no longer wanted. */
  readonly aim: 'transfer' | 'void';
  /** Null if the nonce was leased for a void. */
  readonly transfer: PlainTransfer | null;
  /** All transactions ever signed with this nonce, oldest first; any may be mined. */
  readonly transactions: readonly SignedTransaction[];
}

export interface SignedTransaction extends Fees {
  readonly hash: Hex;
  readonly kind: TransactionKind;
  /** A signed fact: no block can charge more units of gas than this, nor more wei for each than `maxFeePerGas`. */
  readonly gasLimit: bigint;
  /** Head at the first send; null if certainly unsent. */
  readonly sentAtBlock: bigint | null;
  /** Absent if a node has taken the transaction since, or if no node has answered. */
  readonly refusal?: NodeRefusal;
}

/** Results of a poll. A missing value proves no fact. */
export interface SeenNonce {
  readonly receipts: ReadonlyMap<Hex, Receipt | null>;
  /** Hashes of the blocks named in the receipts, requested after the receipts. */
  readonly blockHashes: ReadonlyMap<bigint, Hex | null>;
  readonly known: ReadonlyMap<Hex, boolean>;
  /** Transaction count of the address: at the head, and at the final block. */
  readonly nonceCount: { readonly latest: bigint; readonly final: bigint };
  /** Hash of the transaction that used the nonce finally. Null before the step `identify`. */
  readonly usedBy: Hex | null;
  /** True if several nodes prove no token movement. Null before the step `weigh`. */
  readonly movedNothing: boolean | null;
}

type TrackingVerdict =
  /** In no block, or in a block at risk of a reorganisation. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'mined'; readonly receipt: Receipt; readonly confirmations: bigint }
  /** All others are final. `settled`: the transfer is paid. */
  | { readonly kind: 'settled'; readonly receipt: Receipt; readonly confirmations: bigint }
  | {
      readonly kind: 'failed';
      readonly receipt: Receipt;
      readonly reason: 'reverted' | 'no_transfer';
    }
  /** A void used the nonce: no other transaction of the nonce can be mined. */
  | { readonly kind: 'void'; readonly receipt: Receipt }
  /** A foreign transaction used the nonce: a key of ours is used outside this system. */
  | { readonly kind: 'dead'; readonly usedBy: Hex }
  /** The token logged another or no transfer: neither proven nor disproven. */
  | { readonly kind: 'disputed'; readonly receipt: Receipt };

type TrackingStep =
  | { readonly kind: 'nothing' }
  /** No node seems to have the transaction. */
  | { readonly kind: 'resend'; readonly hash: Hex }
  /** Sign again under the same nonce, and send. */
  | { readonly kind: 'replace'; readonly as: TransactionKind; readonly fees: Fees }
  /** No transaction of this nonce was or will be sent: a void unblocks later nonces. */
  | { readonly kind: 'fill'; readonly fees: Fees }
  /** Find the transaction behind the used nonce, and decide again. */
  | { readonly kind: 'identify' }
  /** The token logged no transfer: query several nodes for token movements, and decide again. */
  | { readonly kind: 'weigh'; readonly transfer: PlainTransfer; readonly receipt: Receipt }
  /** The transaction is final, and no node shows how the transaction ended. */
  | { readonly kind: 'unreadable'; readonly hash: Hex }
  /** A replacement is due, but the fee cap forbids it. `again`: bytes for later. */
  | { readonly kind: 'held_back'; readonly cause: string; readonly again: Hex | null };

export interface TrackingDecision {
  readonly verdict: TrackingVerdict;
  readonly step: TrackingStep;
}

const NOTHING: TrackingStep = { kind: 'nothing' };
const PENDING: TrackingVerdict = { kind: 'pending' };

/**
 * Decides the state of a nonce and the next step. Only a final block ends a nonce, with our receipt
 * or a known foreign hash. Time and ignorance end none.
 */
export function follow(
  open: OpenNonce,
  seen: SeenNonce,
  head: Head,
  policy: FeePolicy,
): TrackingDecision {
  const receipt = standingReceipt(open, seen);
  if (receipt) return decisionOf(open, receipt, seen, head);
  if (seen.nonceCount.final > open.nonce) return usedElsewhere(open, seen);
  return { verdict: PENDING, step: nextStep(open, seen, head, policy) };
}

/** Our receipt on the chain; null if none or several. A charge above the signed one is false. */
function standingReceipt({ transactions }: OpenNonce, seen: SeenNonce): Receipt | null {
  const standing = transactions.flatMap((transaction) => {
    const receipt = seen.receipts.get(transaction.hash);
    if (receipt === null || receipt === undefined) return [];
    const isThere = seen.blockHashes.get(receipt.blockNumber) === receipt.blockHash;
    return isThere && isWithinSigned(transaction, receipt) ? [receipt] : [];
  });
  return standing.length === 1 ? (standing[0] ?? null) : null;
}

/** True unless the receipt shows a charge above the signed limits. */
function isWithinSigned(
  { gasLimit, maxFeePerGas }: Pick<SignedTransaction, 'gasLimit' | 'maxFeePerGas'>,
  { gasUsed, effectiveGasPrice }: Receipt,
): boolean {
  return (gasUsed ?? 0n) <= gasLimit && (effectiveGasPrice ?? 0n) <= maxFeePerGas;
}

function decisionOf(
  open: OpenNonce,
  receipt: Receipt,
  seen: SeenNonce,
  head: Head,
): TrackingDecision {
  const confirmations =
    head.number < receipt.blockNumber ? 1n : head.number - receipt.blockNumber + 1n;
  const mined: TrackingVerdict = { kind: 'mined', receipt, confirmations };
  if (receipt.blockNumber > head.finalNumber) return { verdict: mined, step: NOTHING };
  const final = finalVerdict(open, receipt, confirmations, seen.movedNothing);
  const { transfer } = open;
  if (final === 'unreadable')
    return { verdict: mined, step: { kind: 'unreadable', hash: receipt.hash } };
  if (final !== 'weigh') return { verdict: final, step: NOTHING };
  return { verdict: mined, step: transfer ? { kind: 'weigh', transfer, receipt } : NOTHING };
}

function finalVerdict(
  open: OpenNonce,
  receipt: Receipt,
  confirmations: bigint,
  movedNothing: boolean | null,
): TrackingVerdict | 'weigh' | 'unreadable' {
  const mined = open.transactions.find(({ hash }) => hash === receipt.hash);
  if (mined?.kind === 'void') return { kind: 'void', receipt };
  // Abandoned but sent, as before a restore: the transaction may have paid.
  if (open.transfer === null)
    return receipt.status === 'unknown'
      ? 'unreadable'
      : { kind: receipt.status === 'reverted' ? 'void' : 'disputed', receipt };
  const proof = proofOf(open.transfer, receipt);
  switch (proof) {
    case 'paid':
      return { kind: 'settled', receipt, confirmations };
    case 'reverted':
      return { kind: 'failed', receipt, reason: proof };
    case 'silent':
      if (movedNothing === null) return 'weigh';
      if (movedNothing) return { kind: 'failed', receipt, reason: 'no_transfer' };
      return receipt.status === 'unknown' ? 'unreadable' : { kind: 'disputed', receipt };
    case 'otherwise':
      return { kind: 'disputed', receipt };
    case 'unreadable':
      return proof;
    default:
      return unreachable(proof);
  }
}

/** The count alone proves little: a node may lie, or show our receipt later. */
function usedElsewhere({ transactions }: OpenNonce, { usedBy }: SeenNonce): TrackingDecision {
  if (usedBy === null) return { verdict: PENDING, step: { kind: 'identify' } };
  const isOurs = transactions.some(({ hash }) => hash === usedBy);
  return { verdict: isOurs ? PENDING : { kind: 'dead', usedBy }, step: NOTHING };
}

function nextStep(open: OpenNonce, seen: SeenNonce, head: Head, policy: FeePolicy): TrackingStep {
  const { transactions, aim } = open;
  const last = transactions.at(-1);
  if (aim === 'void' && last?.kind !== 'void') {
    // An unsent transaction may have been sent unnoticed: the void outbids it anyway.
    const hasLeft = transactions.some(({ sentAtBlock }) => sentAtBlock !== null);
    const step = replaced('void', open, head, policy);
    return step.kind === 'replace' && !hasLeft ? { kind: 'fill', fees: step.fees } : step;
  }
  if (last === undefined || !isLetGo(transactions, last)) return NOTHING;
  if (last.sentAtBlock === null) return { kind: 'resend', hash: last.hash };
  const isStuckNow = isStuck(open.nonce, last, seen, head, policy);
  const isBelowMarket = last.maxFeePerGas < head.baseFeePerGas;
  if (seen.known.get(last.hash) === false) {
    const { refusal } = last;
    if (refusal) {
      if (!isPauseOver(transactions, refusal)) return NOTHING;
      if (!mustRaise(refusal, isStuckNow)) return { kind: 'resend', hash: last.hash };
      return replaced(last.kind, open, head, policy, isBelowMarket ? null : last.hash);
    }
    // Bytes that no block takes at this price come back from every pool: sending them once more would go on for ever.
    if (!isStuckNow || !isBelowMarket) return { kind: 'resend', hash: last.hash };
  }
  return isStuckNow ? replaced(last.kind, open, head, policy) : NOTHING;
}

function replaced(
  as: TransactionKind,
  { transactions }: OpenNonce,
  head: Head,
  policy: FeePolicy,
  again: Hex | null = null,
): TrackingStep {
  const [first, ...rest] = transactions;
  const quote =
    first === undefined
      ? quoteFees(head, policy)
      : replacementFees(dearest(first, ...rest), head, policy, leastFees(transactions));
  return quote.kind === 'above_cap'
    ? { kind: 'held_back', cause: quote.cause, again }
    : { kind: 'replace', as, fees: quote.fees };
}

/** True if the follower may send: everything but an unreleased payment. */
function isLetGo(transactions: readonly SignedTransaction[], last: SignedTransaction): boolean {
  return last.kind !== 'payment' || transactions.some(({ sentAtBlock }) => sentAtBlock !== null);
}

/** True if the transaction is old, and is the next nonce or below the base fee. */
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
