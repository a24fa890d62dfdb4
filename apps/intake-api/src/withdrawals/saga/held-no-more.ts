import type { Fact } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { ReportedChange } from './inbound-event.js';
import { hasEnded } from './record-step.js';

type FactChange = Extract<ReportedChange, { kind: 'fact' }>;
/** The ledger's receipts for a venue. */
export type OrderReceipts = Pick<
  Extract<ReportedChange, { kind: 'hold_assigned' }>,
  'timedReceipt' | 'signerReceipt'
>;

/**
 * True for an order whose hold had ended before the database was restored: the ledger answered
 * without receipts, and no connector takes an order without receipts. After a fail-over, the
 * receipts of the next venue are under way instead.
 */
export function isHeldNoMore(stored: StoredWithdrawal): boolean {
  const { state, tried } = stored.withdrawal;
  return state === 'submitting' && tried.length === 0 && hasEnded(stored);
}

/**
 * Returns the receipts with which a restored ledger has placed such a hold again; null for any other
 * fact. An answer from before the recorded step is an older answer, delivered again: the hold has
 * ended since, and the money may be back at the customer.
 */
export function receiptsAgain(
  stored: StoredWithdrawal,
  fact: Fact,
  { timedReceipt, signerReceipt, answeredAt }: FactChange,
): OrderReceipts | null {
  if (fact.trigger !== 'hold_placed' || timedReceipt === undefined || !isHeldNoMore(stored))
    return null;
  const isNewer = answeredAt !== undefined && answeredAt > stored.updatedAt;
  return isNewer ? { timedReceipt, signerReceipt } : null;
}

/**
 * Converts the release of such a hold to the end at a venue without a payment. The ledger released
 * the hold on a venue's proof, or before any venue had a receipt. Any other release of an order in
 * this state contradicts the state.
 */
export function asEndedBefore(stored: StoredWithdrawal, fact: Fact): Fact {
  if (fact.trigger !== 'hold_released' || !isHeldNoMore(stored)) return fact;
  const message = 'the ledger had released its hold before a restore';
  return stored.withdrawal.cancel === null
    ? { trigger: 'refused', reason: 'absent', message }
    : { trigger: 'cancelled', reason: 'cancelled', message };
}

/**
 * Returns the facts of a payment of such an order whose hold was captured; none for any other refusal.
 * The ledger captures a hold only for a payment, and answers another capture with the first capture.
 */
export function paidBefore(
  stored: StoredWithdrawal,
  { command, reason }: Extract<ReportedChange, { kind: 'command_refused' }>,
): readonly Fact[] {
  const isCaptured = command === 'ledger.release-hold.v1' && reason === 'already_captured';
  if (!isCaptured || !isHeldNoMore(stored)) return [];
  return [
    { trigger: 'accepted', venueReference: lostReferenceOf(stored), txHash: null },
    { trigger: 'settled', txHash: null, venueFee: null },
  ];
}

/** In place of the venue's reference, which no database has after the restore. */
function lostReferenceOf({ withdrawal: { order } }: StoredWithdrawal): string {
  return `lost in a restore: ${order.id}`;
}
