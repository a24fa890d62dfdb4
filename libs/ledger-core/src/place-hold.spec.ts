import { Amount, assetOf } from '@sluice/kernel';
import { Book } from './book.js';
import type { PlacedHold } from './hold.js';
import { placeHold } from './place-hold.js';
import { withoutRules } from './testing/any-ledger-step.js';

const AT = '2026-11-20T08:00:00.000Z';
const W = { withdrawalId: 'w', accountId: 'a', amount: Amount.of('10', assetOf('USDT', 'ETH')) };

function held(digest: string | null): Book {
  const hold: PlacedHold = {
    ...W,
    state: 'placed',
    decidedAt: AT,
    digest,
    reference: null,
    assignedTo: 'gateio',
    lock: null,
    policy: withoutRules(W.amount),
    assignedAt: null,
    grant: null,
    expiresAt: null,
    submissionStartedAt: null,
  };
  return new Book({ holds: [hold] });
}

describe('a hold that is requested again', () => {
  it.each([
    ['d', 'd', 'ok'],
    ['d', 'e', 'withdrawal_id_reused'],
    ['d', null, 'withdrawal_id_reused'],
    [null, 'd', 'withdrawal_id_reused'],
  ])('with the digest %s and now %s: %s', (first, digest, expected) => {
    const again = placeHold(held(first), { ...W, expiresAt: null, digest }, AT);

    expect(again.ok ? 'ok' : again.refusal.kind).toBe(expected);
  });
});

describe('a new hold', () => {
  it('is never placed or refused without a decision of the policy', () => {
    const place = () => placeHold(new Book(), { ...W, expiresAt: null, digest: null }, AT);

    expect(place).toThrow('no policy has decided the hold of withdrawal w');
  });
});
