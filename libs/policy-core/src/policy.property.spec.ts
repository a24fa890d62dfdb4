import fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import {
  evaluate,
  type RuleAnswer,
  type Decision,
  type LimitAnswer,
  type NeededApproval,
} from './evaluate.js';
import { type AskingRule, type Facts, isInScope, type Rule } from './rule.js';
import {
  anyFacts,
  anyHistory,
  anyInstant,
  anyLimit,
  anyRules,
  anyUnits,
  textOf,
} from './testing/any-policy.js';
import { countersOf, FACTS, isAsStrict, limit } from './testing/policy-examples.js';

type Evaluate = typeof evaluate;
const RUNS = { numRuns: 2000 };

/** Answers as a set. */
const sorted = ({ answers }: Decision) =>
  answers.toSorted((one, other) => (one.rule < other.rule ? -1 : 1));

function isLimitAnswer(answer: RuleAnswer | undefined): answer is LimitAnswer {
  return answer?.kind === 'limit' && (answer.answer === 'allow' || answer.answer === 'deny');
}

function orderHasNoMeaning(decide: Evaluate) {
  const shuffled = anyRules.chain((rules) =>
    fc.tuple(
      fc.constant(rules),
      fc.shuffledSubarray(rules, { minLength: rules.length, maxLength: rules.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, anyFacts, anyHistory, anyInstant, ([rules, other], facts, ...placed) => {
      const counters = countersOf(...placed);
      const [one, two] = [{ rules }, { rules: other }].map((set) => decide(set, facts, counters));

      expect(two!.refusal).toEqual(one!.refusal);
      expect(two!.approval).toEqual(one!.approval);
      expect(sorted(two!)).toEqual(sorted(one!));
    }),
    RUNS,
  );
}

function anAddedRuleNeverLoosens(decide: Evaluate) {
  fc.assert(
    fc.property(anyRules, fc.nat(4), anyFacts, anyHistory, anyInstant, (rules, at, facts, ...h) => {
      const smaller = rules.filter((_, index) => index !== at);
      const [before, after] = [smaller, rules].map((list) =>
        decide({ rules: list }, facts, countersOf(...h)),
      );

      expect(isAsStrict(before!, after!)).toBe(true);
    }),
    RUNS,
  );
}

/** Facts that a rule needs for a withdrawal in its scope. */
function neededFacts(rule: Rule): readonly (keyof Facts)[] {
  const ofScope = [...(rule.scope.keys ? ['keyId' as const] : []), ...venueOf(rule)];
  if (rule.kind === 'deny') return ofScope;
  if (rule.kind === 'recipient') return [...ofScope, 'history'];
  const price = rule.unit === 'EUR' ? ['priceEur' as const] : [];
  if (rule.kind === 'approval') return [...ofScope, ...price];
  const key = rule.per.includes('key') ? ['keyId' as const] : [];
  const recipient = rule.per.includes('destination') ? ['recipient' as const] : [];
  return [...ofScope, ...key, ...recipient, ...price];
}

function venueOf(rule: Rule) {
  const counts = rule.kind === 'limit' && rule.per.includes('venue');
  return counts || rule.scope.venues ? ['venue' as const] : [];
}

function aMissingFactNeverAllows(decide: Evaluate) {
  fc.assert(
    fc.property(anyRules, anyFacts, anyHistory, anyInstant, (rules, facts, ...h) => {
      const unknown = rules.filter(
        (rule) =>
          isInScope(rule.scope, facts) !== false &&
          neededFacts(rule).some((fact) => facts[fact] === null),
      );
      const decision = decide({ rules }, facts, countersOf(...h));

      if (unknown.length > 0) expect(decision.refusal?.kind).toBe('policy_denied');
      for (const { name, kind } of unknown)
        expect(decision.answers).toContainEqual({
          rule: name,
          kind,
          answer: 'unknown',
          missing: expect.any(String),
        });
    }),
    RUNS,
  );
}

/** The amount is at, just below or just above the edge, or any other. */
function sumsAreExact(decide: Evaluate) {
  const step = fc.bigInt(-1n, 1n);
  fc.assert(
    fc.property(anyUnits, fc.array(anyUnits), anyUnits, step, (max, used, other, by) => {
      const sum = used.reduce((total, one) => total + one, 0n);
      const amount = max > sum ? max - sum + by : other;
      const facts = { ...FACTS, payout: Amount.of(textOf(amount), 'USDT.ETH') };
      const buckets = used.map((one, start) => ({
        start,
        used: Amount.of(textOf(one), 'USDT.ETH'),
      }));
      const { refusal } = decide(
        { rules: [limit({ max: textOf(max), window: 'lifetime' })] },
        facts,
        () => buckets,
      );

      expect(refusal === null).toBe(sum + amount <= max);
    }),
    RUNS,
  );
}

function remainingIsAllowed(decide: Evaluate) {
  const unit = fc.constantFrom('asset' as const, 'EUR' as const);
  fc.assert(
    fc.property(anyLimit, unit, anyFacts, anyHistory, anyInstant, (rule, of, facts, ...h) => {
      const set = { rules: [{ ...rule, unit: of, max: `${rule.max.split('.')[0]}.00000001` }] };
      const decideFor = (payout: Amount) =>
        decide(set, { ...facts, payout, priceEur: '1' }, countersOf(...h));
      const [answer] = decideFor(facts.payout).answers;
      if (!isLimitAnswer(answer)) return;
      const remaining = Amount.of(answer.remaining, facts.payout.asset);
      const more = remaining.plus(Amount.of('0.000000000000000001', facts.payout.asset));

      if (!remaining.isZero()) expect(decideFor(remaining).refusal).toBeNull();
      expect(decideFor(more).refusal).not.toBeNull();
    }),
    RUNS,
  );
}

function freesAtIsExact(decide: Evaluate) {
  fc.assert(
    fc.property(anyLimit, anyFacts, anyHistory, anyInstant, (rule, facts, history, now) => {
      const at = (instant: number) =>
        decide({ rules: [rule] }, facts, countersOf(history, instant)).answers[0];
      const answer = at(now);
      if (!isLimitAnswer(answer)) return;
      const { amount, max, freesAt } = answer;
      if (answer.answer === 'allow') {
        expect(freesAt).toBeNull();
        return;
      }
      const isTooMuch = Amount.of(max, 'X.-').lessThan(Amount.of(amount, 'X.-'));
      expect(freesAt === null).toBe(isTooMuch || rule.window === 'lifetime');
      if (freesAt === null) return;
      expect(freesAt).toBeGreaterThan(now);
      expect([at(freesAt - 1)?.answer, at(freesAt)?.answer]).toEqual(['deny', 'allow']);
    }),
    { numRuns: 4000 },
  );
}

describe('a policy', () => {
  it('gives equal answers and an equal refusal in every order of its rules', () =>
    orderHasNoMeaning(evaluate));
  it('is never loosened by an added rule', () => anAddedRuleNeverLoosens(evaluate));
  it('never allows a withdrawal without a fact that a rule needs', () =>
    aMissingFactNeverAllows(evaluate));
  it('allows an amount if, and only if, the exact sum is within the maximum', () =>
    sumsAreExact(evaluate));
  it('allows exactly what it shows as remaining', () => remainingIsAllowed(evaluate));
  it('frees a refused amount at the shown instant, and no millisecond before', () =>
    freesAtIsExact(evaluate));

  it('meets every answer, and limits that free an amount, so the properties are not of easy cases only', () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(anyRules, anyFacts, anyHistory, anyInstant, (rules, facts, ...placed) => {
        for (const answer of evaluate({ rules }, facts, countersOf(...placed)).answers) {
          const frees = isLimitAnswer(answer) && answer.freesAt !== null ? ' for a time' : '';
          const kind = `${answer.kind} ${answer.answer}${frees}`;
          met.set(kind, (met.get(kind) ?? 0) + 1);
        }
      }),
      { numRuns: 1000, seed: 1 },
    );

    const kinds = ['deny deny', 'deny outside', 'deny unknown', 'limit allow', 'limit deny'];
    const others = ['limit deny for a time', 'limit outside', 'limit unknown'];
    const people = ['allow', 'approval', 'outside', 'unknown'].map(
      (answer) => `approval ${answer}`,
    );
    const recipients = ['allow', 'approval', 'deny', 'outside', 'unknown'].map(
      (answer) => `recipient ${answer}`,
    );
    expect([...met.keys()].sort()).toEqual([...kinds, ...others, ...people, ...recipients].sort());
    expect(Math.min(...met.values())).toBeGreaterThan(20);
  });
});

describe('the properties refuse an engine that', () => {
  /** Evaluates as the library does, with other refusals. */
  const mutant =
    (refuses: (answer: RuleAnswer, at: number) => boolean): Evaluate =>
    (...given) => {
      const decision = evaluate(...given);
      return { ...decision, refusal: decision.answers.some(refuses) ? decision.refusal : null };
    };
  const isRefusing = ({ answer }: RuleAnswer) => answer === 'deny' || answer === 'unknown';
  const atLastBut =
    (change: (at: number) => number): Evaluate =>
    (...given) => {
      const decision = evaluate(...given);
      return {
        ...decision,
        answers: decision.answers.map((answer) =>
          isLimitAnswer(answer) && answer.freesAt !== null
            ? { ...answer, freesAt: change(answer.freesAt) }
            : answer,
        ),
      };
    };

  it('allows an unknown answer', () => {
    const engine = mutant(({ answer }) => answer === 'deny');
    expect(() => aMissingFactNeverAllows(engine)).toThrow('Property failed');
  });

  it('takes an unknown history for a paid recipient of the address book', () => {
    const history = { isInBook: true, wasPaid: true, resemblesPaid: false };
    const engine: Evaluate = (set, facts, counters) =>
      evaluate(set, { ...facts, history: facts.history ?? history }, counters);
    expect(() => aMissingFactNeverAllows(engine)).toThrow('Property failed');
  });

  it('asks the first rule only', () => {
    const engine = mutant((answer, at) => at === 0 && isRefusing(answer));
    expect(() => orderHasNoMeaning(engine)).toThrow('Property failed');
    expect(() => anAddedRuleNeverLoosens(engine)).toThrow('Property failed');
  });

  it('refuses only if every rule refuses', () => {
    const engine: Evaluate = (...given) => {
      const decision = evaluate(...given);
      return decision.answers.every(isRefusing) ? decision : { ...decision, refusal: null };
    };
    expect(() => anAddedRuleNeverLoosens(engine)).toThrow('Property failed');
  });

  it('gives people the time of the last rule, or asks only the people of the last rule', () => {
    const ofLast = (rules: readonly Rule[]) => rules.findLast((rule) => 'quorums' in rule);
    const changed =
      (change: (rule: AskingRule) => Partial<NeededApproval>): Evaluate =>
      (set, ...given) => {
        const decision = evaluate(set, ...given);
        const rule = ofLast(set.rules);
        if (decision.approval === null || rule === undefined) return decision;
        return { ...decision, approval: { ...decision.approval, ...change(rule) } };
      };
    const engines = [
      changed(({ decideWithinHours }) => ({ decideWithinHours })),
      changed(({ quorums }) => ({ quorums })),
    ];
    for (const engine of engines) {
      expect(() => orderHasNoMeaning(engine)).toThrow('Property failed');
      expect(() => anAddedRuleNeverLoosens(engine)).toThrow('Property failed');
    }
  });

  it('adds in 64 bits', () => {
    const unitsOf = (text: string) => BigInt(Amount.of(text, 'X.-').toFixed(18).replace('.', ''));
    const engine = mutant(
      (answer) =>
        isLimitAnswer(answer) &&
        BigInt.asIntN(64, unitsOf(answer.used) + unitsOf(answer.amount)) > unitsOf(answer.max),
    );
    expect(() => sumsAreExact(engine)).toThrow('Property failed');
  });

  it('frees an amount a millisecond early or late', () => {
    expect(() => freesAtIsExact(atLastBut((at) => at - 1))).toThrow('Property failed');
    expect(() => freesAtIsExact(atLastBut((at) => at + 1))).toThrow('Property failed');
  });
});
