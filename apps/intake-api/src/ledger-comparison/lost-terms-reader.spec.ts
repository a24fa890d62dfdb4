import { Amount } from '@sluice/kernel';
import { decode, ledgerCommands } from '@sluice/messages';
import type { Order } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';
import { anOrder, aStored, REFERENCES } from '../testkit/a-withdrawal.js';
import { eventOf } from '../testkit/published-events.js';
import { placeHoldMessage } from '../wire/wire.js';
import type { LostWithdrawal } from './lost-withdrawals.js';
import {
  orderOfTerms,
  type PublishedTerms,
  termsOfCommand,
  termsOfStep,
} from './lost-terms-reader.js';

const KEYS = [
  { keyId: 'ck_0', sharesReferences: false },
  { keyId: 'ck_1', sharesReferences: false },
];

function termsOf(stored: StoredWithdrawal): PublishedTerms {
  return present(termsOfStep(eventOf(stored, 'submitting').data));
}

function commandTermsOf(stored: StoredWithdrawal): PublishedTerms {
  const decoded = decode(ledgerCommands, placeHoldMessage(stored, new Date()));
  if (!decoded.ok || decoded.value.type !== 'ledger.place-hold.v1')
    throw new Error('no command for a hold');
  return present(termsOfCommand(decoded.value.data));
}

function present(terms: PublishedTerms | null): PublishedTerms {
  if (!terms) throw new Error('no terms');
  return terms;
}

function holdOf({ withdrawal: { order }, digest }: StoredWithdrawal): LostWithdrawal {
  const reference = order.clientReference === null ? null : REFERENCES.of(order);
  return {
    id: order.id,
    accountId: order.accountId,
    venue: 'gateio',
    digest,
    reference,
    signedRequest: null,
    requestProof: null,
  };
}

const read = (
  stored: StoredWithdrawal,
  change: Partial<PublishedTerms> = {},
  keys = KEYS,
): Order | null => {
  const order = orderOfTerms(holdOf(stored), { ...termsOf(stored), ...change }, keys, (one) =>
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

  it('is read under the key of the command for its hold, or of the signed request', () => {
    const stored = aStored();
    const { keyId } = commandTermsOf(stored);
    const signedRequest = { keyId: 'ck_1', timestamp: '1', body: '{}', signature: 's' };
    const signed = { ...holdOf(stored), signedRequest };

    expect(keyId).toBe('ck_1');
    expect(read(stored, { keyId })).toMatchObject({ keyId: 'ck_1' });
    expect(orderOfTerms(signed, termsOf(stored), KEYS, (one) => REFERENCES.of(one))).toMatchObject({
      keyId: 'ck_1',
    });
    expect(read(stored, { keyId: 'ck_removed' })).toMatchObject({ keyId: 'ck_0' });
  });

  it.each<[string, Partial<PublishedTerms>]>([
    ['amount', { amount: '6' }],
    ['fee', { fee: '0' }],
    ['currency', { asset: 'USDC.ETH' }],
    ['network', { asset: 'USDT.BSC' }],
    [
      'recipient',
      { destination: { type: 'address', address: '0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe' } },
    ],
    ['client reference', { clientReference: 'invoice 8' }],
    ['missing client reference', { clientReference: null }],
  ])('is not read from a step with another %s', (_field, change) => {
    expect(read(withReference, change)).toBeNull();
  });

  it('is the same from the command that asked for its hold, which has no step', () => {
    const { sequence, ...terms } = termsOf(withReference);

    expect(sequence).toBeGreaterThan(0);
    expect(commandTermsOf(withReference)).toMatchObject({
      number: terms.number,
      decimals: terms.decimals,
      clientReference: 'invoice 7',
      amount: terms.amount,
      fee: terms.fee,
      destination: terms.destination,
      sequence: 0,
    });
    expect(read(withReference, commandTermsOf(withReference))).toEqual(read(withReference));
  });

  it('has exact amounts', () => {
    const { asset } = anOrder();
    const stored = aStored({ amount: Amount.of('0.000001', asset) });

    expect(read(stored)?.amount.toString()).toBe('0.000001');
  });
});
