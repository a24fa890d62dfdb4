import { currencyOf, networkOf } from '@sluice/money';
import { PUBLIC_VIEW } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../withdrawal-store.js';
import { restTime } from '../../http/rest-time.js';
import { recipientOf } from '../withdrawal-view.js';
import type { TransactionDto } from './listing.dto.js';

/** A withdrawal as the contract lists money that moves. What only a node of the chain would know we do not. */
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
    from_address: null,
    to_address: recipientOf(order.destination),
    amount_decimal: order.amount.toFixed(decimals),
    confirmations: null,
    block_number: null,
    created_at: restTime(order.requestedAt),
    confirmed_at: restTime(confirmedAt),
  };
}
