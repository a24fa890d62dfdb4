import { orderDigest, recipientDigest } from '@sluice/messages';
import { VENUE_A } from '@sluice/test-kit';
import { place } from './given-ledger.js';

/** Hold of an order for the first venue: 20 and a fee of 1. */
export function anOrderedHold(accountId: string) {
  const { type, data } = place(accountId, '21');
  const { withdrawalId, asset } = data;
  const recipient = recipientDigest({ type: 'address', address: '0x1' });
  const terms = { withdrawalId, accountId, asset, amount: '20', fee: '1' };
  const digest = orderDigest({ ...terms, recipientDigest: recipient });
  const order = { payout: '20', fee: '1', recipientDigest: recipient, digest, venue: VENUE_A };
  return { type, data: { ...data, ...order } } as const;
}
