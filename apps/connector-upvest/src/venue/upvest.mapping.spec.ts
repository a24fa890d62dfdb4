import { readFileSync } from 'node:fs';
import { Amount, destinationKey } from '@sluice/kernel';
import * as fc from 'fast-check';
import {
  accountGroupOf,
  withdrawalRecord,
  withdrawalStatus,
  WITHDRAWAL_STATUS,
  type UpvestRecord,
} from './upvest.mapping.js';
import { referenceIn, remittanceOf } from './upvest.prepare.js';

const recorded = (
  JSON.parse(readFileSync(new URL('./fixtures/withdrawals.json', import.meta.url), 'utf8')) as {
    data: UpvestRecord[];
  }
).data;

describe('the status of a withdrawal', () => {
  it.each([
    ['NEW', 'pending'],
    ['PROCESSING', 'broadcast'],
    ['CONFIRMED', 'settled'],
    ['CANCELLED', 'failed'],
  ])('%s is %s', (status, kind) => {
    expect(Object.keys(WITHDRAWAL_STATUS)).toContain(status);
    expect(withdrawalStatus({ status }).kind).toBe(kind);
  });

  it('that is missing is pending: the schema leaves it optional', () => {
    expect(withdrawalStatus({})).toEqual({ kind: 'pending' });
  });

  it('without documentation is still open, never failed, with an alert', () =>
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((status) => !Object.hasOwn(WITHDRAWAL_STATUS, status)),
        (status) =>
          expect(withdrawalStatus({ status })).toMatchObject({
            kind: 'pending',
            alert: expect.any(String) as string,
          }),
      ),
    ));
});

describe('a record', () => {
  it('is read in our terms', () => {
    const [first = {}, second = {}] = recorded;

    expect(withdrawalRecord(first)).toEqual({
      form: 'withdrawal',
      venueReference: '0f2c5a4e-8f0a-4f6e-9a54-1c3a6c0d9b7e',
      clientReference: 'w01x3nV4tE0ZyS9GgNnWm4C1',
      currency: 'EUR',
      network: null,
      destination:
        'reference_account:e56c14b3-8370-4c04-bc67-7092f7ec113c:2596db3b-0d03-4651-9eda-970910479dfb:295378ec-036e-4f3f-ae5c-2be85c93e837',
      gross: Amount.of('200.00', 'EUR.-'),
      net: Amount.of('200.00', 'EUR.-'),
      venueFee: Amount.zero('EUR.-'),
      createdAt: new Date('2026-11-20T08:02:32.150Z'),
      txHash: null,
      status: { kind: 'broadcast' },
      venueStatus: 'PROCESSING',
    });
    expect(withdrawalRecord(second)).toMatchObject({
      clientReference: null,
      status: { kind: 'pending' },
      gross: Amount.of('0.01', 'EUR.-'),
    });
  });

  it('reads an amount as text or number with every digit, and a currency in any case', () => {
    const row = { id: 'X', created_at: '2026-11-20T08:00:00Z', currency: 'eur' };

    for (const [amount, exact] of [
      [12.5, '12.5'],
      ['1.25E+3', '1250'],
      ['0.123456789012345678', '0.123456789012345678'],
    ])
      expect(withdrawalRecord({ ...row, amount })?.gross).toEqual(
        Amount.of(String(exact), 'EUR.-'),
      );
    expect(withdrawalRecord({ ...row, amount: '1,000.5' })?.gross).toBeNull();
  });

  it.each([
    {},
    { id: 'x' },
    { id: 'x', created_at: 'yesterday' },
    { created_at: '2026-11-20T08:00:00Z' },
  ])('%j cannot be read', (record) => {
    expect(withdrawalRecord(record)).toBeNull();
  });
});

describe('the account group of a destination', () => {
  it('is what its records are listed by', () => {
    const key = destinationKey({
      type: 'reference_account',
      userId: 'u',
      accountGroupId: 'g',
      referenceAccountId: 'r',
    });

    expect(accountGroupOf(key)).toBe('g');
    expect(accountGroupOf('address:0xabc:')).toBeNull();
  });
});

describe('the text on the statement', () => {
  const reference = 'w4fX2bQ9kLm0ZtR7sVw3Yp81';

  const account = {
    type: 'reference_account',
    userId: 'u',
    accountGroupId: 'g',
    referenceAccountId: 'r',
  } as const;
  const textOfWords = (remittanceInformation: string) => {
    const text = remittanceOf({ ...account, remittanceInformation }, reference);
    return text.ok ? text.value : null;
  };

  it('begins with our reference, in 140 characters of SEPA', () =>
    fc.assert(
      fc.property(fc.string({ maxLength: 160, unit: 'grapheme-ascii' }), (words) => {
        const text = textOfWords(words);

        fc.pre(text !== null);
        expect([referenceIn(text ?? ''), (text ?? '').length <= 140]).toEqual([reference, true]);
        expect(referenceIn((text ?? '').slice(0, 35))).toBe(reference);
        expect(text).toMatch(/^[a-zA-Z0-9/\-?:().,'+ ]+$/);
      }),
    ));

  it('is our reference alone without words', () => {
    expect(remittanceOf(account, reference)).toEqual({ ok: true, value: reference });
    expect(textOfWords('  ')).toBe(reference);
  });

  it('has at most 115 characters of the customer', () => {
    expect(textOfWords('x'.repeat(115))).toHaveLength(140);
    expect(textOfWords('x'.repeat(116))).toBeNull();
  });

  it('names ours, whatever reference the customer writes', () => {
    const other = 'w4fX2bQ9kLm0ZtR7sVw3Yp82';
    expect(referenceIn(textOfWords(other) ?? '')).toBe(reference);
    expect(referenceIn(`SEPA ${reference} rent`)).toBe(reference);
  });

  it('of others holds none', () => {
    for (const text of ['', 'Withdrawal', 'Auszahlung 1', 'zzzzzzzzzzzzzzzzzzzzzzz'])
      expect(referenceIn(text)).toBeNull();
  });
});
