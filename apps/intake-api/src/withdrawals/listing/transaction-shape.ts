import { WITHDRAWAL_TIMES } from '@sluice/http-api';
import { Amount, assetOf, currencyOf, networkOf } from '@sluice/kernel';
import { PUBLIC_VIEW, WALLET } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { TopUp } from './top-ups.js';
import { restTimes } from '../../http/rest-time.js';
import { inBlock, recipientOf } from '../answers/withdrawal-view.js';
import type { Transaction } from './list-transactions.js';
import type { TransactionDto } from './listing.dto.js';

/**
 * Converts a movement to the contract's form. Data known only to a node of the chain is available
 * only for payments of our own wallet.
 */
export function transactionShape(transaction: Transaction): TransactionDto {
  return 'withdrawal' in transaction ? withdrawalShape(transaction) : topUpShape(transaction);
}

function withdrawalShape({ number, decimals, withdrawal }: StoredWithdrawal): TransactionDto {
  const { order, state, txHash } = withdrawal;
  const times = { ...order, ...withdrawal };
  return {
    id: Number(number),
    tx_hash: txHash,
    direction: 'withdrawal',
    status: PUBLIC_VIEW[state].status,
    currency: currencyOf(order.asset),
    network: networkOf(order.asset),
    from_address: payerOf(withdrawal),
    to_address: recipientOf(order),
    amount_decimal: order.amount.toFixed(decimals),
    ...inBlock(withdrawal),
    ...restTimes(WITHDRAWAL_TIMES.transaction, (time) => times[time]),
  };
}

/** Connectors report only final top-ups: each time is the time of the block. */
function topUpShape(topUp: TopUp): TransactionDto {
  const { currency, network } = topUp;
  return {
    id: Number(topUp.number),
    tx_hash: topUp.txHash,
    direction: 'gas_topup',
    status: 'confirmed',
    currency,
    network,
    from_address: topUp.fromAddress,
    to_address: topUp.toAddress,
    amount_decimal: Amount.of(topUp.amount, assetOf(currency, network)).toFixed(topUp.decimals),
    ...inBlock({ confirmations: null, blockNumber: topUp.blockNumber }),
    ...restTimes(WITHDRAWAL_TIMES.transaction, () => topUp.at),
  };
}

/** Our wallet's reference is `network:address:nonce`, and stays the same when a transaction is replaced. */
function payerOf({ venue, venueReference }: StoredWithdrawal['withdrawal']): string | null {
  return venue === WALLET ? (venueReference?.split(':')[1] ?? null) : null;
}
