import { orderDigest, recipientDigest } from '@sluice/messages';
import type { PricedOrder } from '@sluice/withdrawal-core';

/** Returns the digest identifying an order in every service. */
export function digestOf(
  order: PricedOrder,
  recipient: string = recipientDigest(order.destination),
): string {
  return orderDigest({
    withdrawalId: order.id,
    accountId: order.accountId,
    asset: order.asset,
    amount: order.amount.toString(),
    fee: order.fee.toString(),
    recipientDigest: recipient,
  });
}
