import { randomUUIDv7 } from 'node:crypto';
import { Amount, assetOf } from '@sluice/kernel';
import { Secret } from '@sluice/runtime';
import {
  openWithdrawal,
  type Order,
  type RouteDecision,
  type Withdrawal,
} from '@sluice/withdrawal-core';
import { testMessageKeys, VENUE_A } from '@sluice/test-kit';
import { digestOf, OrderAuthority, VenueReferences } from '../orders/order-authority.js';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';

const USDT = assetOf('USDT', 'ETH');

export const KEK = new Secret(Buffer.alloc(32, 7).toString('base64'));
export const REFERENCES = new VenueReferences({
  secretsKeks: [KEK],
  venueReferencesKey: new Secret(''),
});
export const AUTHORITY = new OrderAuthority(testMessageKeys('intake-api'));
export const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
export const ACCOUNT_ID = '0193a000-0000-7000-8000-00000000000a';

/** Route decision for the first venue of the route. */
export const TO_GATEIO: RouteDecision = { venue: VENUE_A, named: false, passed: [] };

/** 5 USDT to an address at the first venue, fee 1. */
export function anOrder(change: Partial<Order> = {}): Order {
  return {
    id: randomUUIDv7(),
    accountId: ACCOUNT_ID,
    keyId: 'ck_1',
    clientReference: null,
    referenceScope: 'ck_1',
    asset: USDT,
    destination: { type: 'address', address: ADDRESS },
    amount: Amount.of('5', USDT),
    fee: Amount.of('1', USDT),
    venue: VENUE_A,
    pinned: false,
    submitWithinMs: null,
    requestedAt: new Date('2026-11-20T08:00:00.481Z'),
    ...change,
  };
}

export function aStored(
  order: Partial<Order> = {},
  change: Partial<Omit<Withdrawal, 'order'>> = {},
): StoredWithdrawal {
  const withdrawal = { ...openWithdrawal(anOrder(order)), ...change };
  const digest = digestOf(withdrawal.order);
  const marks = {
    digest,
    seal: AUTHORITY.seal(digest),
    requestProof: AUTHORITY.requestProof(digest),
    timedReceipt: null,
    signerReceipt: null,
    proof: null,
    assignedProof: null,
    signedRequest: null,
    venueClientReference: REFERENCES.of(withdrawal.order),
  };
  const times = { orderedAt: null, submitBy: null, updatedAt: withdrawal.order.requestedAt };
  return { number: '17', decimals: 6, withdrawal, ...marks, ...times };
}
