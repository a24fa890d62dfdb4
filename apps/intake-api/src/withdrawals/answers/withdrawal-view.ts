import { WITHDRAWAL_TIMES } from '@sluice/http-api';
import { currencyOf, networkOf, wireDestination } from '@sluice/kernel';
import {
  cancelOutcome,
  PUBLIC_VIEW,
  REASON_SENTENCES,
  type PricedOrder,
} from '@sluice/withdrawal-core';
import { restTime, restTimes } from '../../http/rest-time.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { SubmittedWithdrawalDto, WithdrawalStatusDto } from './withdrawal.dto.js';

/** The answer to the first call: `withdrawal_id`, `amount_decimal`, `fee_decimal`. */
export function submissionShape({
  number,
  decimals,
  withdrawal,
}: StoredWithdrawal): SubmittedWithdrawalDto {
  const { order } = withdrawal;
  return {
    withdrawal_id: Number(number),
    ...progress(withdrawal),
    tx_hash: withdrawal.txHash,
    network: networkOf(order.asset),
    currency: currencyOf(order.asset),
    to_address: recipientOf(order),
    amount_decimal: order.amount.toFixed(decimals),
    fee_decimal: order.fee.toFixed(decimals),
    venue: withdrawal.venue,
  };
}

/** The answer to a replay and to GET: `id`, `amount`, `fee`, and the times. */
export function statusShape({
  number,
  decimals,
  withdrawal,
}: StoredWithdrawal): WithdrawalStatusDto {
  const { order } = withdrawal;
  const times = { ...order, ...withdrawal };
  return {
    id: Number(number),
    currency: currencyOf(order.asset),
    network: networkOf(order.asset),
    to_address: recipientOf(order),
    amount: order.amount.toFixed(decimals),
    fee: order.fee.toFixed(decimals),
    ...progress(withdrawal),
    tx_hash: withdrawal.txHash,
    ...errorOf(withdrawal),
    ...restTimes(WITHDRAWAL_TIMES.status, (time) => times[time]),
    ...inBlock(withdrawal),
    returned_amount: withdrawal.returnedAmount?.toFixed(decimals) ?? null,
    venue: withdrawal.venue,
    destination: wireDestination(order.destination),
    client_reference: order.clientReference,
    ...cancelShape(withdrawal),
  };
}

/** Error in the contract's text; only admin views show the words of venues and operators. */
function errorOf({ state, reasonCode }: StoredWithdrawal['withdrawal']) {
  const code = PUBLIC_VIEW[state].status === 'failed' ? reasonCode : null;
  return { error_message: code && REASON_SENTENCES[code], error_code: code };
}

function cancelShape(withdrawal: StoredWithdrawal['withdrawal']) {
  const outcome = cancelOutcome(withdrawal);
  return (
    outcome && {
      cancel: { ...outcome, requested_at: restTime(withdrawal.cancel?.requestedAt ?? null) },
    }
  );
}

/** Position on the chain, as far as reported by the venue. */
export function inBlock({
  confirmations,
  blockNumber,
}: Pick<StoredWithdrawal['withdrawal'], 'confirmations' | 'blockNumber'>) {
  return { confirmations, block_number: blockNumber === null ? null : Number(blockNumber) };
}

function progress(withdrawal: StoredWithdrawal['withdrawal']) {
  return {
    ...PUBLIC_VIEW[withdrawal.state],
    ...(withdrawal.expectedAt !== null && { expected_at: restTime(withdrawal.expectedAt) }),
  };
}

/**
 * Recipient as one text, for clients limited to `to_address`; addresses as the customer spelled
 * them.
 */
export function recipientOf({
  destination,
  givenAddress,
}: Pick<PricedOrder, 'destination' | 'givenAddress'>): string {
  switch (destination.type) {
    case 'address':
      return givenAddress ?? destination.address;
    case 'venue_account':
      return destination.value;
    case 'reference_account':
      return destination.referenceAccountId;
  }
}
