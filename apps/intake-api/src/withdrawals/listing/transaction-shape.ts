import { currencyOf, networkOf } from '@sluice/money';
import { PUBLIC_VIEW, WALLET } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../withdrawal-store.js';
import { restTime } from '../../http/rest-time.js';
import { inBlock, recipientOf } from '../withdrawal-view.js';
import type { TransactionDto } from './listing.dto.js';

/** A withdrawal as the contract lists money that moves. What only a node of the chain knows is known of what our own wallet has paid. */
export function transactionShape({
  number,
  decimals,
  withdrawal,
}: StoredWithdrawal): TransactionDto {
  const { order, state, txHash, confirmedAt } = withdrawal;
  return {
    id: Number(number),
    tx_hash: txHash,
    direction: 'withdrawal',
    status: PUBLIC_VIEW[state].status,
    currency: currencyOf(order.asset),
    network: networkOf(order.asset),
    from_address: payerOf(withdrawal),
    to_address: recipientOf(order.destination),
    amount_decimal: order.amount.toFixed(decimals),
    ...inBlock(withdrawal),
    created_at: restTime(order.requestedAt),
    confirmed_at: restTime(confirmedAt),
  };
}

/** Our wallet's reference is `network:address:nonce`, and stays the same when a transaction is replaced. */
function payerOf({ venue, venueReference }: StoredWithdrawal['withdrawal']): string | null {
  return venue === WALLET ? (venueReference?.split(':')[1] ?? null) : null;
}
