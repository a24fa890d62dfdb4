import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { Amount } from '@sluice/kernel';
import { totalOf } from '@sluice/withdrawal-core';

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
