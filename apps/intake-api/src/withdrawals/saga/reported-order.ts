import { Amount } from '@sluice/kernel';
import type { ledgerEvents, Message } from '@sluice/messages';
import { type Fact, totalOf } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';

/** Order as reported by a message; omitted fields are not compared. Amounts are decimal text. */
export interface ReportedOrder {
  readonly digest?: string | undefined;
  readonly accountId?: string | undefined;
  readonly asset?: string | undefined;
  readonly amount?: string | undefined;
  readonly fee?: string | undefined;
  /** Venue allowed to pay the withdrawal. */
  readonly venue?: string | undefined;
  /** Amount and fee together. */
  readonly total?: string | undefined;
}

/** True for a hold at a venue that has refused the withdrawal since: the answer is a repeat. */
export function isHoldOfTriedVenue(
  { withdrawal }: Pick<StoredWithdrawal, 'withdrawal'>,
  reported: ReportedOrder | undefined,
): boolean {
  return reported?.venue !== undefined && withdrawal.tried.includes(reported.venue);
}

/** Returns the names of fields different from the recorded order; empty if equal. */
export function orderMismatches(
  { withdrawal: { order, venue }, digest }: Pick<StoredWithdrawal, 'withdrawal' | 'digest'>,
  reported: ReportedOrder,
): string[] {
  const texts = [
    ['digest', reported.digest, digest],
    ['accountId', reported.accountId, order.accountId],
    ['asset', reported.asset, order.asset],
    ['venue', reported.venue, venue],
  ] as const;
  const amounts = [
    ['amount', reported.amount, order.amount],
    ['fee', reported.fee, order.fee],
    ['total', reported.total, totalOf(order)],
  ] as const;
  return [
    ...texts.filter(([, actual, expected]) => actual !== undefined && actual !== expected),
    ...amounts.filter(
      ([, actual, expected]) =>
        actual !== undefined && !Amount.of(actual, order.asset).equals(expected),
    ),
  ].map(([name]) => name);
}

type RefusedHold = Extract<
  Message<typeof ledgerEvents>,
  { type: 'ledger.hold-refused.v1' }
>['data'];

type AskedApproval = Extract<
  Message<typeof ledgerEvents>,
  { type: 'ledger.approval-asked.v1' }
>['data'];

export function approvalAsked({ groups, expiresAt }: AskedApproval): Fact {
  return { trigger: 'approval_asked', groups, expiresAt: new Date(expiresAt) };
}

/** Without a rule, the spending policy has not refused the hold. */
export function holdRefused({ reason, rule, remaining, unit, freesAt }: RefusedHold): Fact {
  if (rule === undefined) return { trigger: 'hold_refused', reason };
  const policyRefusal = {
    rule,
    remaining: remaining ?? null,
    unit: unit ?? null,
    freesAt: freesAt ?? null,
  };
  return { trigger: 'hold_refused', reason, policyRefusal };
}

/** With a reason of the policy, the ledger has released the hold instead of a requested assignment. */
export function holdReleased(reason?: string): Fact {
  return reason === 'limit_exceeded' || reason === 'policy_denied'
    ? { trigger: 'assignment_refused', reason }
    : { trigger: 'hold_released' };
}

type ReturnedPayment = Extract<
  Message<typeof ledgerEvents>,
  { type: 'ledger.payment-returned.v1' }
>['data'];

/** The amount may be a part of the order: the digest names the order. */
export function returnedPart({
  accountId,
  asset,
  venue,
  digest = '',
}: ReturnedPayment): ReportedOrder {
  return { accountId, asset, venue, digest };
}

/** The amount of a hold is the sum of amount and fee. */
export function ofHold({
  amount: total,
  ...rest
}: {
  accountId: string;
  asset: string;
  amount: string;
  digest?: string;
  venue?: string;
}): ReportedOrder {
  const { accountId, asset, venue } = rest;
  return { accountId, asset, total, venue, ...digestOf(rest) };
}

/** A fact without a digest fits no order. */
export function digestOf({ digest = '' }: ReportedOrder): ReportedOrder {
  return { digest };
}
