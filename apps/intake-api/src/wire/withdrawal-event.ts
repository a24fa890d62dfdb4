import { currencyOf, networkOf, wireDestination } from '@sluice/kernel';
import { derivedId, encode, withdrawalEvents, type WireMessage } from '@sluice/messages';
import { PUBLIC_VIEW, publishedAs, REASON_SENTENCES, type State } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';
import { returnedOf } from './return-messages.js';
import { attributes, type Cause } from './wire.js';

/** A step, from the previous state; null for a first step. */
interface StateChange {
  readonly from: State | null;
  readonly to: State;
  readonly at: Date;
}

/** Public event of a step, with the present data of the withdrawal; null for a step without one. */
export function withdrawalChangedMessage(
  { number, decimals, withdrawal }: StoredWithdrawal,
  { from, to, at }: StateChange,
  cause?: Cause,
): WireMessage | null {
  const published = publishedAs(from, to);
  if (published === null) return null;
  const { order } = withdrawal;
  const reason = published === 'failed' || published === 'cancelled' ? withdrawal.reasonCode : null;
  return encode(withdrawalEvents, {
    ...attributes(order.id, at, order.id, cause),
    // with the state: after a restore another event may have the number of a lost one
    id: derivedId(`${order.id} ${withdrawal.published} ${published}`),
    type: `withdrawal.${published}.v1`,
    data: {
      withdrawalId: order.id,
      number,
      sequence: withdrawal.published,
      accountId: order.accountId,
      clientReference: order.clientReference,
      currency: currencyOf(order.asset),
      network: networkOf(order.asset),
      destination: wireDestination(order.destination),
      ...(order.givenAddress !== undefined && { givenAddress: order.givenAddress }),
      amount: order.amount.toString(),
      fee: order.fee.toString(),
      decimals,
      venue: withdrawal.venue,
      ...PUBLIC_VIEW[to],
      txHash: withdrawal.txHash,
      errorMessage: reason && REASON_SENTENCES[reason],
      reason,
      broadcastAt: withdrawal.broadcastAt?.toISOString() ?? null,
      ...(withdrawal.blockNumber !== null && { blockNumber: withdrawal.blockNumber }),
      ...(withdrawal.confirmations !== null && { confirmations: withdrawal.confirmations }),
      ...returnedOf(withdrawal),
      ...(from === 'awaiting_approval' && to === 'submitting' && { approved: true }),
      at: at.toISOString(),
    },
  });
}
