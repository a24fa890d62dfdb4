import fc from 'fast-check';
import { Amount, assetOf, type Destination } from '@sluice/kernel';
import { orderDigest, recipientDigest, type OrderTerms } from './order-digest.js';

const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const optional = (key: string) => fc.record({ [key]: text }, { requiredKeys: [] });
const destinations = fc.oneof(
  fc
    .tuple(fc.record({ type: fc.constant('address' as const), address: text }), optional('memo'))
    .map(merged),
  fc
    .tuple(
      fc.record({
        type: fc.constant('venue_account' as const),
        kind: fc.constantFrom('uid', 'phone'),
        value: text,
      }),
      optional('areaCode'),
    )
    .map(merged),
  fc
    .tuple(
      fc.record({
        type: fc.constant('reference_account' as const),
        userId: text,
        accountGroupId: text,
        referenceAccountId: text,
      }),
      optional('remittanceInformation'),
      optional('purposeCode'),
    )
    .map(merged),
);
const amounts = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.bigInt({ min: 0n, max: 10n ** 18n }))
  .map(([whole, part]) => `${whole}.${part}`);
const orders: fc.Arbitrary<OrderTerms> = fc.record({
  withdrawalId: fc.uuid(),
  accountId: fc.uuid(),
  asset: fc.constantFrom('USDT.ETH', 'USDT.TRX', 'BTC.BTC'),
  amount: amounts,
  fee: amounts,
  recipientDigest: destinations.map(recipientDigest),
});

function merged(parts: readonly object[]): Destination {
  return Object.assign({}, ...parts) as Destination;
}

/** Equal for the same order only: amounts by value, everything else by its text. */
const meaning = (order: OrderTerms) =>
  JSON.stringify({
    ...order,
    amount: Amount.of(order.amount, assetOf('X', 'Y')).toString(),
    fee: Amount.of(order.fee, assetOf('X', 'Y')).toString(),
  });
const ORDER: OrderTerms = {
  withdrawalId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  accountId: '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11',
  asset: 'USDT.ETH',
  amount: '100',
  fee: '1.5',
  recipientDigest: recipientDigest({
    type: 'address',
    address: '0x52908400098527886E0F7030069857D2E4169EE7',
  }),
};

describe('orderDigest', () => {
  it('is equal for equal orders and for no others', () =>
    fc.assert(
      fc.property(orders, orders, (a, b) =>
        expect(orderDigest(a) === orderDigest(b)).toBe(meaning(a) === meaning(b)),
      ),
    ));

  it('changes with each of its fields', () =>
    fc.assert(
      fc.property(
        orders,
        orders,
        fc.constantFrom<keyof OrderTerms>(
          'withdrawalId',
          'accountId',
          'asset',
          'amount',
          'fee',
          'recipientDigest',
        ),
        (a, b, field) => {
          const changed = { ...a, [field]: b[field] };
          expect(orderDigest(changed) === orderDigest(a)).toBe(meaning(changed) === meaning(a));
        },
      ),
    ));

  it.each([
    ['1.50', '1.5'],
    ['100.000', '100'],
    ['0', '0.00'],
    ['007.10', '7.1'],
  ])('is the same for %s and %s', (one, other) => {
    expect(orderDigest({ ...ORDER, amount: one, fee: other })).toBe(
      orderDigest({ ...ORDER, amount: other, fee: one }),
    );
  });

  it('is made in linear time from an amount of any length', () => {
    const amount = `1.${'0'.repeat(100_000)}1`;
    const startedAt = performance.now();
    expect(orderDigest({ ...ORDER, amount })).toHaveLength(64);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('distinguishes amount and fee', () => {
    expect(orderDigest({ ...ORDER, amount: '1', fee: '2' })).not.toBe(
      orderDigest({ ...ORDER, amount: '2', fee: '1' }),
    );
  });

  it('is the same for every caller', () => {
    expect(orderDigest(ORDER)).toBe(
      'bed0e33b2de41ab7ffcc99edb0e646cc14b682073f4ad105877495ec0146e29e',
    );
  });
});

describe('recipientDigest', () => {
  it('is equal for the same recipient and for no other, memo and words included', () =>
    fc.assert(
      fc.property(destinations, destinations, (a, b) => {
        const fields = (destination: Destination) =>
          JSON.stringify(Object.entries(destination).sort());
        expect(recipientDigest(a) === recipientDigest(b)).toBe(fields(a) === fields(b));
      }),
    ));

  it('does not depend on the order in which a database gives the fields back', () => {
    const [one, other] = [
      { type: 'address', address: 'r', memo: '7' },
      { memo: '7', address: 'r', type: 'address' },
    ] as const;
    expect(recipientDigest(one)).toBe(recipientDigest(other));
  });

  it.each<[Destination, string]>([
    [
      { type: 'address', address: 'rPVMhWBsfF9iMXYj3aAzJVkPDTFNSyWdKy', memo: '104' },
      'f255747f16ec804394696e193d07981c665e06c6d5fa85a80474d973e722125f',
    ],
    [
      { type: 'venue_account', kind: 'phone', value: '412345678', areaCode: '61' },
      '43bc757e3836b1129779214bd79775786233a4e442fcd386fdea0ffb81912731',
    ],
    [
      {
        type: 'reference_account',
        userId: 'u',
        accountGroupId: 'g',
        referenceAccountId: 'r',
        remittanceInformation: 'für Müller',
        purposeCode: 'SALA',
      },
      '7b258415450b0fe2bf27e37b706105fbac3f46296ae1f6348bf41dec76e0193e',
    ],
  ])('is the same for every caller: %j', (destination, digest) => {
    expect(recipientDigest(destination)).toBe(digest);
  });

  it('distinguishes an absent memo from every text', () => {
    const address = { type: 'address', address: 'r' } as const;
    expect(recipientDigest({ ...address, memo: 'null' })).not.toBe(recipientDigest(address));
  });
});
