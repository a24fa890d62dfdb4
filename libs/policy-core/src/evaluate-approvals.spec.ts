import { Amount } from '@sluice/kernel';
import { evaluate } from './evaluate.js';
import type { Rule } from './rule.js';
import { approval, deny, FACTS, limit, ruleSet } from './testing/policy-examples.js';

const decide = (rule: Rule, change: Partial<typeof FACTS> = {}) =>
  evaluate(ruleSet(rule), { ...FACTS, ...change }, () => []);
const usdt = (text: string) => ({ payout: Amount.of(text, 'USDT.ETH') });
const quorum = (group: string, need: number) => ({ group, need });

describe('an approval rule', () => {
  it('allows an amount of exactly its edge', () =>
    expect(decide(approval())).toEqual({
      answers: [
        {
          rule: 'approval',
          kind: 'approval',
          answer: 'allow',
          unit: 'USDT.ETH',
          above: '10',
          amount: '10',
        },
      ],
      refusal: null,
      approval: null,
    }));

  it('makes the next larger amount wait for people', () =>
    expect(decide(approval(), usdt('10.000000000000000001'))).toEqual({
      answers: [
        {
          rule: 'approval',
          kind: 'approval',
          answer: 'approval',
          unit: 'USDT.ETH',
          above: '10',
          amount: '10.000000000000000001',
        },
      ],
      refusal: null,
      approval: { quorums: [quorum('ops', 1)], decideWithinHours: 24 },
    }));

  it.each([
    ['5', '5', 'allow'],
    ['4.99999999', '5', 'approval'],
    ['0', '5', 'approval'],
  ])('above EUR %s compares the worth of EUR %s: %s', (above, amount, answer) =>
    expect(decide(approval({ unit: 'EUR', above })).answers).toMatchObject([
      { answer, unit: 'EUR', above, amount },
    ]),
  );

  it.each([[null], ['0'], ['-1'], [`1${'0'.repeat(24)}`]])(
    'in EUR refuses a withdrawal with a price of %s',
    (priceEur) =>
      expect(decide(approval({ unit: 'EUR', above: '9'.repeat(24) }), { priceEur })).toEqual({
        answers: [{ rule: 'approval', kind: 'approval', answer: 'unknown', missing: 'price' }],
        refusal: { kind: 'policy_denied', rule: 'approval' },
        approval: null,
      }),
  );

  it('needs no price in units of the asset, and none outside its scope', () => {
    const outside = approval({ unit: 'EUR', scope: { assets: ['BTC.BTC'] } });

    expect(decide(approval(), { priceEur: null }).refusal).toBeNull();
    expect(decide(outside, { priceEur: null })).toEqual({
      answers: [{ rule: 'approval', kind: 'approval', answer: 'outside' }],
      refusal: null,
      approval: null,
    });
  });

  it('refuses a withdrawal whose scope is unknown, of any amount', () =>
    expect(decide(approval({ scope: { venues: ['v'] } }), { venue: null })).toEqual({
      answers: [{ rule: 'approval', kind: 'approval', answer: 'unknown', missing: 'scope' }],
      refusal: { kind: 'policy_denied', rule: 'approval' },
      approval: null,
    }));
});

describe('several approval rules', () => {
  const one = approval({
    above: '1',
    quorums: [quorum('treasury', 1), quorum('ops', 2)],
    decideWithinHours: 24,
  });
  const other = approval({
    name: 'other',
    above: '2',
    quorums: [quorum('treasury', 2), quorum('board', 1)],
    decideWithinHours: 6,
  });
  const decideAll = (...rules: readonly Rule[]) => evaluate(ruleSet(...rules), FACTS, () => []);

  it('demand the highest need of each group, in the shortest time', () => {
    const together = {
      quorums: [quorum('board', 1), quorum('ops', 2), quorum('treasury', 2)],
      decideWithinHours: 6,
    };

    expect(decideAll(one, other).approval).toEqual(together);
    expect(decideAll(other, one).approval).toEqual(together);
  });

  it('demand nothing by a rule whose amount is not exceeded, or that is outside', () => {
    const alone = { quorums: [quorum('ops', 2), quorum('treasury', 1)], decideWithinHours: 24 };

    expect(decideAll(one, { ...other, above: '10' }).approval).toEqual(alone);
    expect(decideAll(one, { ...other, scope: { venues: ['v'] } }).approval).toEqual(alone);
  });

  it.each([
    ['a denial', deny(), 'policy_denied'],
    ['an exceeded limit', limit({ max: '9' }), 'limit_exceeded'],
    ['an unknown answer', approval({ name: 'deny', scope: { venues: ['v'] } }), 'policy_denied'],
  ])('are overruled by %s', (_rule, rule, kind) => {
    const facts = { ...FACTS, venue: null };
    const decisions = [
      [one, rule, other],
      [rule, one],
      [one, rule],
    ].map((rules) => evaluate(ruleSet(...rules), facts, () => []));

    for (const { refusal, approval: needed } of decisions) {
      expect(refusal).toMatchObject({ kind, rule: rule.name });
      expect(needed).toBeNull();
    }
  });

  it('wait for people beside a limit that allows', () =>
    expect(decideAll(limit(), one)).toMatchObject({
      refusal: null,
      approval: { decideWithinHours: 24 },
    }));
});
