import * as fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import { compareRecord, likenessByFields, movedNothing, originOf } from './compare-record.js';
import type { ListedWithdrawal } from './venue-adapter.js';

const usdt = (text: string): Amount => Amount.of(text, 'USDT.TRX');
const ORDER = {
  network: 'ETH',
  destination: `address:0x${'a'.repeat(40)}:`,
  amount: usdt('5.25'),
  gross: usdt('6.25'),
};

function record(change: Partial<ListedWithdrawal> = {}): ListedWithdrawal {
  return {
    form: 'chain',
    venueReference: 'v1',
    clientReference: null,
    currency: 'USDT',
    network: 'ETH',
    destination: ORDER.destination,
    gross: Amount.of('6.250', 'USDT.-'),
    net: Amount.of('5.25', 'USDT.-'),
    venueFee: Amount.of('1', 'USDT.-'),
    createdAt: new Date(0),
    txHash: null,
    status: { kind: 'pending' },
    venueStatus: 'X',
    ...change,
  };
}

describe('a record compared with an order by its fields', () => {
  it.each<[string, Partial<ListedWithdrawal>]>([
    ['in other digits', { gross: usdt('6.2500') }],
    ['without a network', { network: null }],
    ['with a memo on a network without memos', { destination: `${ORDER.destination}7` }],
    ['without a received amount', { net: null }],
    ['with another fee', { net: usdt('4.75'), venueFee: usdt('1.5') }],
  ])('is the same %s', (_what, change) => {
    expect(likenessByFields(ORDER, record(change))).toBe('same');
  });

  it.each<[string, Partial<ListedWithdrawal>]>([
    ['a network without a name of ours', { network: '?TRON-20' }],
    ['a coin without a name of ours', { currency: '?TETHER' }],
    ['a coin named with its chain', { currency: 'USDT-ERC20' }],
    ['no recipient', { destination: null }],
    ['a masked recipient', { destination: 'address:0xaa****aa:' }],
    ['no amount', { gross: null }],
    ['an amount in whole units', { gross: usdt('6'), net: null }],
    ['an amount with an error of floating point', { gross: usdt('6.2500000000000004') }],
    ['the received amount in the column of the gross amount', { gross: usdt('5.25') }],
    ['the fee beside the gross amount', { gross: usdt('7.25') }],
  ])('cannot be told with %s', (_what, change) => {
    expect(likenessByFields(ORDER, record(change))).toBe('cannot_tell');
  });

  it.each<[string, Partial<ListedWithdrawal>]>([
    ['recipient', { destination: `address:0x${'b'.repeat(40)}:` }],
    ['network', { network: 'TRX' }],
    ['coin', { currency: 'USDC' }],
    ['amount', { gross: usdt('8'), net: usdt('7') }],
  ])('is different by another readable %s, however little else can be told', (_what, change) => {
    const least = { currency: '?', network: '?', destination: null, gross: null, net: null };

    expect(likenessByFields(ORDER, record(change))).toBe('different');
    if (!('gross' in change) && !('currency' in change))
      expect(likenessByFields(ORDER, record({ ...least, ...change }))).toBe('different');
  });

  it('is never different by a value that is missing', () =>
    fc.assert(
      fc.property(
        fc.subarray(['network', 'destination', 'gross', 'net', 'venueFee'] as const),
        (missing) => {
          const bare = record(Object.fromEntries(missing.map((name) => [name, null])));

          expect(likenessByFields(ORDER, bare)).not.toBe('different');
          expect(compareRecord(ORDER, bare).map(({ likeness }) => likeness)).not.toContain(
            'different',
          );
        },
      ),
    ));
});

describe('a failed record', () => {
  const failed = { kind: 'failed', reason: 'r', message: 'm', cancelled: true } as const;

  it('moved nothing only without a transaction', () => {
    expect(movedNothing(record({ status: failed }))).toBe(true);
    expect(movedNothing(record({ status: failed, txHash: '0x1' }))).toBe(false);
    expect(movedNothing(record())).toBe(false);
  });
});

describe('our reference at a venue', () => {
  it.each([
    ['c4fX2bQ9kLm0ZtR7sVw3Yp81', 'client_reference'],
    ['w4fX2bQ9kLm0ZtR7sVw3Yp81', 'withdrawal'],
    ['order-1', null],
    ['c-1', null],
    ['rent', null],
    ['z'.repeat(24), null],
    ['02yFeWZWrxvE1GLuAGRI8B1', null],
    [`c${'A'.repeat(21)}`, null],
    [`w${'A'.repeat(32)}`, null],
  ])('%s has the origin %s', (reference, origin) => {
    expect(originOf(reference)).toBe(origin);
  });
});
