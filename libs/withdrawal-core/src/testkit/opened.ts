import { Amount, assetOf } from '@sluice/kernel';
import { openWithdrawal, type Order, type Withdrawal } from '../withdrawal.js';

export const AT = new Date('2026-11-20T08:00:00Z');
export const USDT = assetOf('USDT', 'ETH');

/** Just requested: 5 USDT to a user of the venue, fee 1. */
export function opened(change: Partial<Order> = {}): Withdrawal {
  return openWithdrawal({
    id: '0193a000-0000-7000-8000-000000000001',
    accountId: 'a',
    keyId: 'k',
    clientReference: null,
    referenceScope: 'k',
    asset: USDT,
    destination: { type: 'venue_account', kind: 'uid', value: '7' },
    amount: Amount.of('5', USDT),
    fee: Amount.of('1', USDT),
    venue: 'venue-a',
    pinned: false,
    submitWithinMs: null,
    requestedAt: AT,
    ...change,
  });
}
