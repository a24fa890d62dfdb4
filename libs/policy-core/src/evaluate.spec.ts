import { Amount } from '@sluice/kernel';
import { evaluate, type Bucket } from './evaluate.js';
import { countersOf, deny, FACTS, limit, ruleSet } from './testing/policy-examples.js';

const NOON = Date.UTC(2026, 2, 10, 12);
const HOUR_MS = 3_600_000;
const usdt = (text: string) => Amount.of(text, 'USDT.ETH');
const none = () => [];
const used =
  (...buckets: readonly (readonly [start: number, used: string])[]) =>
  (): readonly Bucket[] =>
    buckets.map(([start, text]) => ({ start, used: usdt(text) }));

describe('a set without rules', () => {
  it('allows every withdrawal', () =>
    expect(evaluate(ruleSet(), FACTS, none)).toEqual({
      answers: [],
      refusal: null,
      approval: null,
    }));
});

describe('a denial', () => {
  it('refuses a withdrawal in its scope', () =>
    expect(evaluate(ruleSet(deny({ scope: { venues: ['acme'] } })), FACTS, none)).toEqual({
      answers: [{ rule: 'deny', kind: 'deny', answer: 'deny' }],
      refusal: { kind: 'policy_denied', rule: 'deny' },
      approval: null,
    }));

  it('does not apply to a withdrawal that misses one of its lists', () =>
    expect(
      evaluate(ruleSet(deny({ scope: { venues: ['acme'], keys: ['l'] } })), FACTS, none),
    ).toEqual({
      answers: [{ rule: 'deny', kind: 'deny', answer: 'outside' }],
      refusal: null,
      approval: null,
    }));

  it('refuses a withdrawal whose scope is unknown', () =>
    expect(
      evaluate(ruleSet(deny({ scope: { venues: ['v'] } })), { ...FACTS, venue: null }, none),
    ).toEqual({
      answers: [{ rule: 'deny', kind: 'deny', answer: 'unknown', missing: 'scope' }],
      refusal: { kind: 'policy_denied', rule: 'deny' },
      approval: null,
    }));

  it('is decided by a known fact outside the scope, whatever else is unknown', () =>
    expect(
      evaluate(
        ruleSet(deny({ scope: { venues: ['v'], assets: ['BTC.BTC'] } })),
        { ...FACTS, venue: null },
        none,
      ).refusal,
    ).toBeNull());
});

describe('a limit', () => {
  it('answers with its sum, and allows an amount that reaches the maximum exactly', () =>
    expect(evaluate(ruleSet(limit()), FACTS, used([0, '89.5'], [1, '0.5']))).toEqual({
      answers: [
        {
          rule: 'limit',
          kind: 'limit',
          answer: 'allow',
          unit: 'USDT.ETH',
          max: '100',
          used: '90',
          amount: '10',
          remaining: '10',
          freesAt: null,
        },
      ],
      refusal: null,
      approval: null,
    }));

  it('shows the remaining amount and the instant that frees the refused amount', () =>
    expect(
      evaluate(
        ruleSet(limit()),
        FACTS,
        used([NOON, '5'], [NOON - 2 * HOUR_MS, '85'], [NOON - HOUR_MS, '1']),
      ).refusal,
    ).toEqual({
      kind: 'limit_exceeded',
      rule: 'limit',
      remaining: '9',
      unit: 'USDT.ETH',
      freesAt: NOON - 2 * HOUR_MS + 25 * HOUR_MS,
    }));

  it('that allows less than is used, after a fall of the maximum, has nothing remaining', () =>
    expect(
      evaluate(ruleSet(limit({ max: '20' })), FACTS, used([NOON, '30'])).refusal,
    ).toMatchObject({ remaining: '0', freesAt: NOON + 25 * HOUR_MS }));

  it('never frees more than its maximum', () =>
    expect(evaluate(ruleSet(limit({ max: '9.99' })), FACTS, none).refusal).toMatchObject({
      remaining: '9.99',
      freesAt: null,
    }));

  it('of the whole time never frees an amount', () =>
    expect(
      evaluate(ruleSet(limit({ window: 'lifetime' })), FACTS, used([0, '95'])).refusal,
    ).toMatchObject({ remaining: '5', freesAt: null }));

  it('of zero refuses every amount', () =>
    expect(
      evaluate(ruleSet(limit({ max: '0' })), { ...FACTS, payout: usdt('0.000001') }, none).refusal,
    ).toMatchObject({ kind: 'limit_exceeded', remaining: '0' }));

  it.each([
    ['999999999999999999999999.999999999999999998', null],
    ['999999999999999999999999.999999999999999999', '0.000000000000000001'],
  ])('adds %s to 42 digits without overflow or rounding', (before, missing) => {
    const max = '1000000000000000000000000';
    const facts = { ...FACTS, payout: usdt('0.000000000000000002') };

    const { refusal } = evaluate(ruleSet(limit({ max })), facts, used([0, before]));

    expect(refusal && 'remaining' in refusal ? refusal.remaining : null).toBe(missing);
  });

  it('counts payments by number', () => {
    const rule = limit({ unit: 'payments', max: '2' });
    const placed = { facts: FACTS, at: NOON };

    const [second, third] = [[placed], [placed, placed]].map(
      (history) => evaluate(ruleSet(rule), FACTS, countersOf(history, NOON)).refusal,
    );

    expect(second).toBeNull();
    expect(third).toMatchObject({ unit: 'payments', remaining: '0' });
  });

  it.each([
    ['price', { priceEur: null }, limit({ unit: 'EUR' })],
    ['key', { keyId: null }, limit({ per: ['key'] })],
    ['venue', { venue: null }, limit({ per: ['venue'] })],
    ['destination', { recipient: null }, limit({ per: ['destination'] })],
    ['scope', { keyId: null }, limit({ scope: { keys: ['k'] } })],
  ])('refuses a withdrawal with an unknown %s', (missing, unknown, rule) =>
    expect(evaluate(ruleSet(rule), { ...FACTS, ...unknown }, none)).toEqual({
      answers: [{ rule: 'limit', kind: 'limit', answer: 'unknown', missing }],
      refusal: { kind: 'policy_denied', rule: 'limit' },
      approval: null,
    }),
  );

  it('needs no price in other units, and none outside its scope', () => {
    const facts = { ...FACTS, priceEur: null };
    const outside = limit({ unit: 'EUR', scope: { assets: ['BTC.BTC'] } });

    expect(evaluate(ruleSet(limit(), outside), facts, none).refusal).toBeNull();
  });

  it.each(['0', '0.00', '-1'])('in EUR takes a price of %s for an unknown price', (priceEur) =>
    expect(
      evaluate(ruleSet(limit({ unit: 'EUR' })), { ...FACTS, priceEur }, none).answers,
    ).toMatchObject([{ answer: 'unknown', missing: 'price' }]),
  );

  it('in EUR refuses a worth that no counter can hold, without a fault', () => {
    const facts = { ...FACTS, payout: usdt('9'.repeat(24)), priceEur: '1000000000000000' };

    expect(evaluate(ruleSet(limit({ unit: 'EUR' })), facts, none).refusal).toEqual({
      kind: 'policy_denied',
      rule: 'limit',
    });
  });
});

describe('the shown refusal', () => {
  const hourly = limit({ name: 'hourly', window: 'hour', max: '9' });
  const busy = used([NOON, '95']);

  it.each([
    ['a denial before a limit', [hourly, deny()], 'deny'],
    ['the first name of two denials', [deny({ name: 'b' }), deny({ name: 'a' })], 'a'],
    ['a limit that never frees before one that frees', [limit(), hourly], 'hourly'],
    [
      'the limit that frees last',
      [
        limit({ name: 'a', window: 'hour' }),
        limit({ name: 'b', window: '30_days' }),
        limit({ name: 'c' }),
      ],
      'b',
    ],
    ['the first name of equal limits', [limit({ name: 'b' }), limit({ name: 'a' })], 'a'],
    ['an unknown answer before a limit', [limit(), limit({ name: 'worth', unit: 'EUR' })], 'worth'],
  ] as const)('is %s', (_rule, rules, name) => {
    const facts = { ...FACTS, priceEur: null };

    expect(evaluate(ruleSet(...rules), facts, busy).refusal?.rule).toBe(name);
    expect(evaluate(ruleSet(...rules.toReversed()), facts, busy).refusal?.rule).toBe(name);
  });
});
