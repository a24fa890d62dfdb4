import { Amount } from '@sluice/kernel';
import { chargeOf, meterText, useOf } from './meter.js';
import { FACTS, limit } from './testing/policy-examples.js';

const NOON = Date.UTC(2026, 2, 10, 12);

describe('the text of a meter', () => {
  const rule = limit({
    scope: { assets: ['USDT.ETH', 'BTC.BTC'], keys: ['k', 'l'], venues: ['v', 'w'] },
    per: ['account', 'venue'],
  });

  it.each([
    ['the maximum', { max: '7' }],
    ['the name', { name: 'other' }],
    ['the order of the properties', { per: ['venue', 'account'] }],
    ['a repeated property', { per: ['account', 'venue', 'account'] }],
    ['the order of a list', { scope: { ...rule.scope, assets: ['BTC.BTC', 'USDT.ETH'] } }],
    ['a repeated value', { scope: { ...rule.scope, keys: ['l', 'k', 'l'] } }],
  ] as const)('is equal for rules that differ in %s', (_what, change) =>
    expect(meterText({ ...rule, ...change })).toBe(meterText(rule)),
  );

  it('is different for rules that count otherwise', () => {
    const rules = [
      rule,
      { ...rule, per: ['account'] as const },
      { ...rule, per: [] },
      { ...rule, unit: 'EUR' as const },
      { ...rule, unit: 'payments' as const },
      { ...rule, window: 'hour' as const },
      { ...rule, window: '30_days' as const },
      { ...rule, window: 'lifetime' as const },
      { ...rule, window: 'calendar_day' as const, timeZone: 'UTC' },
      { ...rule, window: 'calendar_day' as const, timeZone: 'Europe/Warsaw' },
      { ...rule, scope: {} },
      { ...rule, scope: { ...rule.scope, accounts: ['a'] } },
      { ...rule, scope: { ...rule.scope, keys: ['k'] } },
      { ...rule, scope: { ...rule.scope, venues: ['k', 'l'] } },
      { ...rule, scope: { ...rule.scope, venues: ['k', 'l'], keys: ['v', 'w'] } },
    ];

    expect(new Set(rules.map(meterText)).size).toBe(rules.length);
  });

  it('does not join values of a list', () =>
    expect(meterText(limit({ scope: { keys: ['a,b'] } }))).not.toBe(
      meterText(limit({ scope: { keys: ['a', 'b'] } })),
    ));
});

describe('the use of a limit', () => {
  it('has its properties in a fixed order in the key', () => {
    const all = ['account', 'key', 'asset', 'destination', 'venue'] as const;
    const keys = [all, all.toReversed()].map((per) => useOf(limit({ per, unit: 'EUR' }), FACTS));

    expect(keys[0]).toMatchObject({
      key: `${FACTS.accountId} k USDT.ETH address:0xabc: acme`,
    });
    expect(keys[1]).toEqual(keys[0]);
  });

  it('is counted together without properties', () =>
    expect(useOf(limit({ per: [], unit: 'payments' }), FACTS)).toEqual({
      kind: 'counted',
      key: '',
      amount: Amount.of('1', 'PAYMENTS.-'),
    }));

  it('is counted by asset in units of the asset', () => {
    const payout = Amount.of('10', 'BTC.BTC');
    const keys = [FACTS, { ...FACTS, payout }].map((facts) => useOf(limit({ per: [] }), facts));

    expect(keys).toEqual([
      { kind: 'counted', key: 'USDT.ETH', amount: FACTS.payout },
      { kind: 'counted', key: 'BTC.BTC', amount: payout },
    ]);
  });

  it.each([
    ['1', '0.333333333', '0.33333334'],
    ['0.000000001', '0.5', '0.00000001'],
    ['3', '0.25', '0.75'],
    ['9999999999999999999.999999999999999999', '93215.123456789', '932151234567890000000000'],
  ])('of %s at a price of %s is rounded up at 8 places: EUR %s', (amount, priceEur, worth) => {
    const facts = { ...FACTS, payout: Amount.of(amount, 'USDT.ETH'), priceEur };

    expect(useOf(limit({ unit: 'EUR' }), facts)).toMatchObject({
      kind: 'counted',
      amount: Amount.of(worth, 'EUR.-'),
    });
  });
});

describe('the charge of a hold', () => {
  it('is its use in the bucket of its instant', () =>
    expect(chargeOf(limit(), FACTS, NOON + 5)).toEqual({
      key: `USDT.ETH ${FACTS.accountId}`,
      bucket: NOON,
      amount: FACTS.payout,
    }));

  it('is in the bucket of the local date for a calendar day', () => {
    const rule = limit({ window: 'calendar_day', timeZone: 'Pacific/Kiritimati' });

    expect(chargeOf(rule, FACTS, NOON)?.bucket).toBe(Date.UTC(2026, 2, 11));
  });

  it('is none for a hold outside the scope, or with an unknown fact', () => {
    const outside = limit({ scope: { venues: ['other'] } });

    expect(chargeOf(outside, FACTS, NOON)).toBeNull();
    expect(chargeOf(outside, { ...FACTS, venue: null }, NOON)).toBeNull();
    expect(chargeOf(limit({ unit: 'EUR' }), { ...FACTS, priceEur: null }, NOON)).toBeNull();
  });
});
