import type { Fact } from './advance-withdrawal.js';
import type { Withdrawal } from './withdrawal.js';

/** Final status without a payment, notified to the customer before a restore removed the end. */
export type NotifiedEnd = 'failed' | 'cancelled';

const REQUESTERS: Readonly<Record<NotifiedEnd, string>> = {
  failed: 'restore:failed',
  cancelled: 'restore:cancelled',
};

/** Requester of a withdrawal that had ended before a restore. No API key has this form. */
export function requesterAfterRestore(notified: NotifiedEnd): string {
  return REQUESTERS[notified];
}

/** Returns null if the withdrawal had not ended before a restore. */
export function notifiedBeforeRestore({ cancel }: Pick<Withdrawal, 'cancel'>): NotifiedEnd | null {
  if (cancel?.requestedBy === REQUESTERS.failed) return 'failed';
  return cancel?.requestedBy === REQUESTERS.cancelled ? 'cancelled' : null;
}

/** Converts the report of a payment not made: the withdrawal ends again as told. */
export function asNotifiedBefore(withdrawal: Withdrawal, fact: Fact): Fact {
  const notified = notifiedBeforeRestore(withdrawal);
  if (fact.trigger === 'hold_released' || fact.trigger === 'approval_ended')
    return endedApproval(withdrawal, fact, notified);
  if (notified === 'cancelled' && (fact.trigger === 'refused' || fact.trigger === 'failed'))
    return { ...fact, trigger: 'cancelled', reason: 'cancelled' };
  if (fact.trigger !== 'cancelled' || notified !== 'failed') return fact;
  const trigger = withdrawal.venueReference === null ? 'refused' : 'failed';
  return { ...fact, trigger, reason: 'absent' };
}

/** The ledger has released the hold before any venue had a receipt. */
function endedApproval({ state }: Withdrawal, fact: Fact, notified: NotifiedEnd | null): Fact {
  if (state !== 'requested' && state !== 'awaiting_approval') return fact;
  if (notified === 'failed' && fact.trigger === 'hold_released')
    return { trigger: 'approval_ended', reason: 'absent' };
  return notified === 'cancelled' && fact.trigger === 'approval_ended'
    ? { trigger: 'hold_released' }
    : fact;
}
