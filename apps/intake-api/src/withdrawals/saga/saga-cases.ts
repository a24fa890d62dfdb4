import { notifiedBeforeRestore, type Fact, type Withdrawal } from '@sluice/withdrawal-core';
import type { OpenedCase } from '../../cases/withdrawal-cases.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { LostHold } from './inbound-event.js';
import type { ReportedOrder } from './reported-order.js';

export const ORDER_MISMATCH_CASES: ReadonlySet<string> = new Set([
  'order_not_as_requested',
  'hold_not_as_asked',
  'venue_fact_not_as_asked',
]);

interface Mismatch {
  readonly by: string | null;
  readonly fact: Fact;
  readonly reported: ReportedOrder | undefined;
  readonly differs: readonly string[];
}

/** Event about a different order than recorded: no command or confirmation follows. */
export function mismatchCase({ withdrawal }: StoredWithdrawal, detail: Mismatch): OpenedCase {
  const trigger = detail.by === null ? 'hold_not_as_asked' : 'venue_fact_not_as_asked';
  // a repeated request may return the same report: a single case is enough
  const withdrawalId = withdrawal.order.id;
  return {
    messageId: `${trigger} ${withdrawalId}`,
    withdrawalId,
    state: withdrawal.state,
    trigger,
    detail: JSON.stringify(detail),
  };
}

export function illegalFactCase(
  messageId: string,
  withdrawalId: string,
  state: string,
  fact: Fact,
  by: string | null,
): OpenedCase {
  return {
    messageId,
    withdrawalId,
    state,
    trigger: fact.trigger,
    detail: JSON.stringify(by === null ? fact : { ...fact, venue: by }),
  };
}

/** Refusal without proof of non-payment: no other venue may pay the withdrawal. */
export function unprovenRefusalCase(
  messageId: string,
  { order, state, venue }: Withdrawal,
  fact: Fact,
): OpenedCase {
  return {
    messageId,
    withdrawalId: order.id,
    state,
    trigger: 'refusal_not_proven',
    detail: JSON.stringify({ ...fact, venue }),
  };
}

/** Repeated request with other terms than the first hold; one case for all repeats. */
export function heldOtherwiseCase({ order }: Withdrawal, held: LostHold): OpenedCase {
  const trigger = 'held_otherwise';
  return {
    messageId: `${trigger} ${held.withdrawalId}`,
    withdrawalId: order.id,
    state: 'rejected',
    trigger,
    detail: JSON.stringify(held),
  };
}

/**
 * Payment of a withdrawal told to be failed or cancelled before a restore: a person tells the
 * customer.
 */
export function notifiedOtherwiseCases(withdrawal: Withdrawal, fact: Fact): readonly OpenedCase[] {
  const notified = fact.trigger === 'settled' ? notifiedBeforeRestore(withdrawal) : null;
  if (notified === null) return [];
  const trigger = 'paid_after_reported_unpaid';
  const { order, state, venue } = withdrawal;
  return [
    {
      messageId: `${trigger} ${order.id}`,
      withdrawalId: order.id,
      state,
      trigger,
      detail: JSON.stringify({ ...fact, venue, notified }),
    },
  ];
}
