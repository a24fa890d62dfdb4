import type { Order, Withdrawal } from './withdrawal.js';

/** The first step of every withdrawal: it is on record and its hold is asked for. Nothing has been reserved yet. */
export function openWithdrawal(order: Order): Withdrawal {
  return {
    order,
    state: 'requested',
    venue: order.venue,
    tried: [],
    sequence: 1,
    venueReference: null,
    txHash: null,
    reasonCode: null,
    expectedAt: null,
    venueFee: null,
    venueFeeRecorded: false,
    broadcastAt: null,
    confirmedAt: null,
    confirmations: null,
    blockNumber: null,
    cancel: null,
  };
}
