import { describeRule, differencesOf, looseningsOf } from './tightening.js';
import type { Rule } from './rule.js';
import { ACCOUNT, deny, limit, ruleSet } from './testing/policy-examples.js';

const looser = (present: Rule, ...next: readonly Rule[]) =>
  looseningsOf(ruleSet(present), ruleSet(...next));
const REMOVED = ['rule limit is removed or allows more'];
const DENIED = ['rule deny is removed or allows more'];

describe('a change of a limit', () => {
  it.each([
    ['equal', {}],
    ['renamed', { name: 'other' }],
    ['with a lower maximum', { max: '99.999999999999999999' }],
    ['with an equal maximum in other digits', { max: '100.000' }],
    ['with a maximum of zero', { max: '0' }],
    ['with properties in another order', { per: ['key', 'account'] }],
  ] as const)('to a limit %s is a tightening', (_change, change) => {
    const present = limit({ per: ['account', 'key'] });

    expect(looser(present, { ...present, ...change })).toEqual([]);
  });

  it.each([
    ['higher maximum', { max: '100.000000000000000001' }],
    ['maximum of more digits', { max: '1000000000000000000000000' }],
    ['narrower scope', { scope: { venues: ['v'] } }],
    ['more properties', { per: ['account', 'key'] }],
    ['fewer properties, because counts begin at zero', { per: [] }],
    ['other unit', { unit: 'EUR' }],
    ['shorter window', { window: 'hour' }],
    ['longer window, because counts begin at zero', { window: 'lifetime' }],
    ['calendar day', { window: 'calendar_day', timeZone: 'UTC' }],
  ] as const)('to a %s is a loosening', (_change, change) =>
    expect(looser(limit(), limit(change))).toEqual(REMOVED),
  );

  it('to another time zone, or from a calendar day to 30 days, is a loosening', () => {
    const day = limit({ window: 'calendar_day', timeZone: 'UTC' });

    expect(looser(day, { ...day, timeZone: 'Asia/Kathmandu' })).toEqual(REMOVED);
    expect(looser(day, limit({ window: '30_days' }))).toEqual(REMOVED);
  });

  it('to a denial of the scope or more is a tightening, and to one of less a loosening', () => {
    const present = limit({ scope: { venues: ['v', 'w'] } });

    expect(looser(present, deny())).toEqual([]);
    expect(looser(present, deny({ scope: { venues: ['w', 'v', 'x'] } }))).toEqual([]);
    expect(looser(present, deny({ scope: { venues: ['v'] } }))).toEqual(REMOVED);
  });

  it('from a removed rule is a loosening, unless another rule covers it', () => {
    expect(looser(limit())).toEqual(REMOVED);
    expect(looser(limit(), limit({ name: 'other', max: '5' }))).toEqual([]);
  });
});

describe('a change of a denial', () => {
  const present = deny({ scope: { venues: ['v', 'w'], keys: ['k'] } });

  it.each([
    ['an equal scope', { venues: ['w', 'v'], keys: ['k'] }],
    ['a longer list', { venues: ['v', 'w', 'x'], keys: ['k'] }],
    ['fewer lists', { venues: ['v', 'w'] }],
    ['all withdrawals', {}],
  ])('to %s is a tightening', (_change, scope) =>
    expect(looser(present, deny({ scope }))).toEqual([]),
  );

  it.each([
    ['a shorter list', { venues: ['v'], keys: ['k'] }],
    ['a further list', { venues: ['v', 'w'], keys: ['k'], accounts: [ACCOUNT] }],
    ['other values', { venues: ['x', 'y'], keys: ['k'] }],
    ['a list for another', { venues: ['v', 'w'], assets: ['USDT.ETH' as const] }],
  ])('to %s is a loosening', (_change, scope) =>
    expect(looser(present, deny({ scope }))).toEqual(DENIED),
  );

  it('to a limit is a loosening, also of zero', () => {
    expect(looser(deny(), limit({ max: '0', per: [] }))).toEqual(DENIED);
    expect(looser(deny())).toEqual(DENIED);
  });

  it('into two denials errs towards a loosening', () =>
    expect(
      looser(present, ...['v', 'w'].map((venue) => deny({ scope: { venues: [venue] } }))),
    ).toEqual(DENIED));
});

describe('a change of a set', () => {
  const set = ruleSet(limit(), deny());

  it('by added rules, or by their order, is a tightening', () => {
    expect(looseningsOf(ruleSet(), set)).toEqual([]);
    expect(looseningsOf(set, ruleSet(deny(), limit()))).toEqual([]);
    expect(looseningsOf(set, set)).toEqual([]);
  });

  it.each([
    ['a longer wait', { looseningWaitsHours: 25 }, []],
    ['a shorter wait', { looseningWaitsHours: 23 }, ['loosening_waits_hours falls from 24 to 23']],
    ['younger prices', { priceMaxAgeMinutes: 59 }, []],
    ['older prices', { priceMaxAgeMinutes: 61 }, ['price_max_age_minutes grows from 60 to 61']],
  ])('to %s', (_change, change, loosenings) =>
    expect(looseningsOf(set, { ...set, ...change })).toEqual(loosenings),
  );

  it('names every loosening', () =>
    expect(
      looseningsOf(set, { ...ruleSet(), looseningWaitsHours: 1, priceMaxAgeMinutes: 90 }),
    ).toEqual([
      ...REMOVED,
      ...DENIED,
      'loosening_waits_hours falls from 24 to 1',
      'price_max_age_minutes grows from 60 to 90',
    ]));
});

describe('the differences of two sets', () => {
  it('are none for equal sets, in any order', () =>
    expect(differencesOf(ruleSet(limit(), deny()), ruleSet(deny(), limit()))).toEqual([]));

  it('are the changed terms, then removed, added and both lines of changed rules', () => {
    const present = ruleSet(limit(), deny({ name: 'closed' }), deny());
    const next = ruleSet(deny(), limit({ max: '50' }), deny({ name: 'new' }));

    expect(
      differencesOf(present, { ...next, looseningWaitsHours: 48, priceMaxAgeMinutes: 5 }),
    ).toEqual([
      '~ loosening_waits_hours: 24 -> 48',
      '~ price_max_age_minutes: 60 -> 5',
      '- limit: at most 100 units of the asset within day, per account, for all withdrawals',
      '- closed: refuse for all withdrawals',
      '+ limit: at most 50 units of the asset within day, per account, for all withdrawals',
      '+ new: refuse for all withdrawals',
    ]);
  });

  it('show a limit that becomes a denial of the same name', () =>
    expect(differencesOf(ruleSet(limit()), ruleSet(deny({ name: 'limit' })))).toEqual([
      '- limit: at most 100 units of the asset within day, per account, for all withdrawals',
      '+ limit: refuse for all withdrawals',
    ]));
});

describe('a rule as text', () => {
  it.each<[Rule, string]>([
    [deny(), 'refuse for all withdrawals'],
    [
      deny({
        scope: {
          accounts: [ACCOUNT],
          keys: ['k', 'l'],
          assets: ['USDT.ETH'],
          venues: ['acme', 'evm'],
        },
      }),
      `refuse for accounts ${ACCOUNT}; keys k, l; assets USDT.ETH; venues acme, evm`,
    ],
    [
      limit({ per: [], unit: 'payments', window: 'lifetime', max: '3' }),
      'at most 3 payments within lifetime, together, for all withdrawals',
    ],
    [
      limit({
        per: ['account', 'destination'],
        unit: 'EUR',
        window: 'calendar_day',
        timeZone: 'Europe/Warsaw',
        scope: { venues: ['evm'] },
      }),
      'at most 100 EUR within calendar_day of Europe/Warsaw, per account and destination, for venues evm',
    ],
  ])('%#', (rule, text) => expect(describeRule(rule)).toBe(text));
});
