import { decode, withdrawalEvents, type WithdrawalChangedV1 } from '@sluice/messages';
import { Amount } from '@sluice/money';
import type { Order } from '@sluice/withdrawal-core';
import { aStored, anOrder, REFERENCES } from '../testkit/a-withdrawal.js';
import type { StoredWithdrawal } from '../withdrawals/withdrawal-store.js';
import { withdrawalChangedMessage } from '../withdrawals/wire.js';
import type { LostWithdrawal } from './lost-withdrawals.js';
import { orderOfEvent } from './order-of-event.js';

const KEYS = [
  { keyId: 'ck_0', sharesReferences: false },
  { keyId: 'ck_1', sharesReferences: false },
];

function eventOf(stored: StoredWithdrawal): WithdrawalChangedV1 {
  const decoded = decode(withdrawalEvents, withdrawalChangedMessage(stored, new Date()));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.refusal));
  return decoded.value.data;
}

function holdOf({ withdrawal: { order }, digest }: StoredWithdrawal): LostWithdrawal {
  const reference = order.clientReference === null ? null : REFERENCES.of(order);
  return { id: order.id, accountId: order.accountId, venue: 'gateio', digest, reference };
}

const read = (
  stored: StoredWithdrawal,
  change: Partial<WithdrawalChangedV1> = {},
  keys = KEYS,
): Order | null => {
  const order = orderOfEvent(holdOf(stored), { ...eventOf(stored), ...change }, keys, (one) =>
    REFERENCES.of(one),
  );
  return order && { ...order, requestedAt: stored.withdrawal.order.requestedAt };
};

describe('the order of a lost withdrawal', () => {
  const withReference = aStored({ clientReference: 'invoice 7' });

  it('is read from a step of it, under the key whose reference the hold has', () => {
    expect(read(withReference)).toEqual({ ...withReference.withdrawal.order, pinned: true });
  });

  it('has the scope of the account where its keys share their references', () => {
    const { accountId } = anOrder();
    const stored = aStored({ clientReference: 'invoice 7', referenceScope: accountId });
    const keys = [{ keyId: 'ck_1', sharesReferences: true }];

    expect(read(stored, {}, keys)).toMatchObject({ keyId: 'ck_1', referenceScope: accountId });
    expect(read(stored)).toBeNull();
  });

  it('is read under some key of the account where the client gave no reference', () => {
    expect(read(aStored())).toMatchObject({ keyId: 'ck_0', clientReference: null });
    expect(read(aStored(), {}, [])).toBeNull();
  });

  it.each<[string, Partial<WithdrawalChangedV1>]>([
    ['amount', { amount: '6' }],
    ['fee', { fee: '0' }],
    ['currency', { currency: 'USDC' }],
    ['network', { network: 'BSC' }],
    [
      'recipient',
      { destination: { type: 'address', address: '0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe' } },
    ],
    ['client reference', { clientReference: 'invoice 8' }],
    ['missing client reference', { clientReference: null }],
  ])('is not read from a step with another %s', (_field, change) => {
    expect(read(withReference, change)).toBeNull();
  });

  it('has exact amounts', () => {
    const { asset } = anOrder();
    const stored = aStored({ amount: Amount.of('0.000001', asset) });

    expect(read(stored)?.amount.toString()).toBe('0.000001');
  });
});
