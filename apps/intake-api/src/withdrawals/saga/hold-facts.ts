import type { ledgerEvents, Message } from '@sluice/messages';
import type { Fact } from '@sluice/withdrawal-core';
import type { ReportedOrder } from './reported-order.js';

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
