import type { Order, Withdrawal } from './withdrawal.js';

/**
 * First step of every withdrawal: the order is recorded and the hold is requested. No funds are
 * reserved yet.
 */
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
