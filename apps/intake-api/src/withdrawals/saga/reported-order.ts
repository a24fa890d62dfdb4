import type { StoredWithdrawal } from '../withdrawal-store.js';
import { Amount } from '@sluice/money';
import { totalOf } from '@sluice/withdrawal-core';

/** What a message says of the order that it is about; what it leaves out is not compared. */
export interface OrderAsTold {
  readonly digest?: string | undefined;
  readonly accountId?: string | undefined;
  readonly asset?: string | undefined;
  readonly amount?: string | undefined;
  readonly fee?: string | undefined;
  /** Amount and fee together. */
  readonly total?: string | undefined;
}

/** The fields in which what was told is not what was asked; none when it is. A fact of another order moves nothing. */
export function notAsAsked(
  { withdrawal: { order }, digest }: Pick<StoredWithdrawal, 'withdrawal' | 'digest'>,
  told: OrderAsTold,
): string[] {
  const texts = [
    ['digest', told.digest, digest],
    ['accountId', told.accountId, order.accountId],
    ['asset', told.asset, order.asset],
  ] as const;
  const amounts = [
    ['amount', told.amount, order.amount],
    ['fee', told.fee, order.fee],
    ['total', told.total, totalOf(order)],
  ] as const;
  return [
    ...texts.filter(([, said, asked]) => said !== undefined && said !== asked),
    ...amounts.filter(
      ([, said, asked]) => said !== undefined && !Amount.of(said, order.asset).equals(asked),
    ),
  ].map(([name]) => name);
}
