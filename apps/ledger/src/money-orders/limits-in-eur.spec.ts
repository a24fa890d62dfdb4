import fc from 'fast-check';
import { Amount, worthInEur } from '@sluice/kernel';
import {
  DEFAULT_LIMITS_IN_EUR,
  eur,
  exceededLimit,
  type LimitName,
  type MovedBefore,
  readLimitsInEur,
} from './limits-in-eur.js';
import { aboveLimitInEur } from './one-person-limits.js';

const AT = new Date('2026-11-20T08:00:00Z');

function moved(amount: string, change: Partial<MovedBefore> = {}): MovedBefore {
  const asset = 'USDT.ETH';
  return {
    asset,
    amount: Amount.of(amount, asset),
    is_of_person: true,
    is_of_account: true,
    is_in_hour: true,
    oldest_at: AT,
    ...change,
  };
}

const nameOf = (added: string, before: readonly MovedBefore[]) =>
  exceededLimit(eur(added), before, DEFAULT_LIMITS_IN_EUR)?.name ?? null;

describe('the sums that one person may move alone', () => {
  it.each<[string, string, readonly MovedBefore[], LimitName | null]>([
    ['a call at its limit', '100000', [], null],
    ['a call above its limit', '100000.01', [], 'call'],
    ['an hour at its limit', '100000', [moved('100000')], null],
    ['an hour above its limit', '100000', [moved('100000.01')], 'person_hour'],
    ['a day at its limit', '100000', [moved('400000', { is_in_hour: false })], null],
    ['a day above its limit', '100000', [moved('400001', { is_in_hour: false })], 'person_day'],
    [
      'the account of several people',
      '100000',
      [moved('100001', { is_of_person: false })],
      'account_hour',
    ],
    [
      'all people and accounts within an hour',
      '100000',
      [moved('900001', { is_of_person: false, is_of_account: false })],
      'total_hour',
    ],
    [
      'all people and accounts within a day',
      '100000',
      [moved('1900001', { is_of_person: false, is_of_account: false, is_in_hour: false })],
      'total_day',
    ],
    [
      'other assets, by their worth',
      '100000',
      [moved('0', { asset: 'BTC.BTC', amount: Amount.of('1.1', 'BTC.BTC') })],
      'person_hour',
    ],
    [
      'an earlier asset without a worth',
      '1',
      [moved('0', { asset: 'DOGE.DOGE', amount: Amount.of('1', 'DOGE.DOGE') })],
      'person_hour',
    ],
  ])('have a limit: %s', (_what, added, before, name) => {
    expect(nameOf(added, before)).toBe(name);
  });

  it('never exceed a limit, whatever the orders', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 120_000 }), { maxLength: 60 }), (orders) => {
        const booked: MovedBefore[] = [];
        for (const order of orders)
          if (nameOf(String(order), booked) === null) booked.push(moved(String(order)));
        const sum = booked.reduce(
          (total, { amount }) => total.plus(worthInEur(amount) ?? total),
          eur('0'),
        );
        expect(eur(DEFAULT_LIMITS_IN_EUR.person_hour).lessThan(sum)).toBe(false);
      }),
    ));

  it('name the limit, the observed sum and the time at which the limit frees', () => {
    const exceeded = exceededLimit(eur('60000'), [moved('150000')], DEFAULT_LIMITS_IN_EUR);
    const order = { person: 'ada', accountId: 'A' };

    expect(exceeded && aboveLimitInEur(exceeded, order)).toEqual({
      code: 'above_one_person_limit',
      message:
        'The order of ada for account A is worth 60000 EUR, after 150000 EUR by this person within an hour. The limit is 200000 EUR (person_hour). The oldest of these orders leaves the sum at 2026-11-20T09:00:00.000Z.',
    });
  });
});

describe('ONE_PERSON_LIMITS_EUR', () => {
  it('changes the given limits alone', () => {
    expect(readLimitsInEur({ call: '5' })).toEqual({ ...DEFAULT_LIMITS_IN_EUR, call: '5' });
  });

  it.each([
    [{ call: '1000000.01' }, /^call: must be at most 1000000: only a release raises this limit$/],
    [{ total_day: '1e9' }, /^total_day: must be a decimal amount as text$/],
    [{ person_hour: 1 }, /^person_hour: must be a decimal amount as text$/],
    [{ week: '1' }, /^week: must be one of call, person_hour/],
    [[], /^must be a JSON object/],
  ])('%j is refused as a setting', (value, sentence) => {
    expect(() => readLimitsInEur(value)).toThrow(sentence);
  });
});
