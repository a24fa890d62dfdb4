import type { StoredWithdrawal } from '../withdrawal-store.js';
import { Amount } from '@sluice/money';
import { totalOf } from '@sluice/withdrawal-core';

/** The order as a message reports it; a field that it leaves out is not compared. Amounts are decimal text. */
export interface ReportedOrder {
  readonly digest?: string | undefined;
  readonly accountId?: string | undefined;
  readonly asset?: string | undefined;
  readonly amount?: string | undefined;
  readonly fee?: string | undefined;
  /** The venue that may pay it. */
  readonly venue?: string | undefined;
  /** Amount and fee together. */
  readonly total?: string | undefined;
}

/** Names of the fields in which the reported order differs from the one on record; empty when it is the same. */
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
