import { evaluate } from './evaluate.js';
import { parseRuleSet } from './parse-rule-set.js';
import { bookOnlyRule, RECIPIENT_CONDITIONS, type RecipientRule } from './rule.js';
import { describeRule, looseningsOf } from './tightening.js';
import { FACTS, recipient, ruleSet } from './testing/policy-examples.js';

const KNOWN = { isInBook: true, wasPaid: true, resemblesPaid: false };
const TREASURY = [{ group: 'treasury', need: 2 }];
const GROUPS = { treasury: { people: ['ann', 'bob'], passkey: false } };
const decide = (rule: RecipientRule, history: typeof KNOWN | null) =>
  evaluate(ruleSet(rule), { ...FACTS, history }, () => []);
const faultsOf = (rule: object, groups: object = GROUPS) => {
  const document = { kind: 'recipient', name: 'new', when: 'first_payment', ...rule };
  const read = parseRuleSet({ groups, rules: [document] });
  return read.ok ? [] : read.refusal;
};

describe('a rule about recipients', () => {
  it.each([
    ['not_in_address_book', { ...KNOWN, isInBook: false }],
    ['first_payment', { ...KNOWN, wasPaid: false }],
    ['resembles_paid', { ...KNOWN, resemblesPaid: true }],
  ] as const)('refuses without groups, and asks with groups: %s', (when, history) => {
    const refused = decide(recipient({ when }), history);
    expect(refused.refusal).toEqual({ kind: 'policy_denied', rule: 'recipient' });
    expect(refused.answers).toEqual([
      { rule: 'recipient', kind: 'recipient', answer: 'deny', when },
    ]);

    const asking = decide(recipient({ when, quorums: TREASURY, decideWithinHours: 3 }), history);
    expect(asking.refusal).toBeNull();
    expect(asking.approval).toEqual({ quorums: TREASURY, decideWithinHours: 3 });
    expect(decide(recipient({ when }), KNOWN).refusal).toBeNull();
  });

  it.each(RECIPIENT_CONDITIONS)('refuses an unknown recipient: %s', (when) => {
    for (const quorums of [[], TREASURY]) {
      const { refusal, answers } = decide(recipient({ when, quorums }), null);
      expect(refusal).toEqual({ kind: 'policy_denied', rule: 'recipient' });
      expect(answers[0]).toMatchObject({ answer: 'unknown', missing: 'history' });
    }
  });

  it('of the setting of an account refuses only recipients outside of its book', () => {
    const rule = bookOnlyRule(FACTS.accountId);
    expect(decide(rule, { ...KNOWN, isInBook: false }).refusal?.rule).toBe('address-book-only');
    expect(decide(rule, { ...KNOWN, wasPaid: false }).refusal).toBeNull();
  });

  it.each<[string, object, string]>([
    ['another condition', { when: 'new' }, 'rules[0].when: must be one of'],
    [
      'a time without people',
      { decide_within_hours: 3 },
      'rules[0].decide_within_hours: needs groups',
    ],
    ['an empty list of groups', { groups: [] }, 'rules[0].groups: must be a list'],
    ['an unknown group', { groups: [{ group: 'ops', need: 1 }] }, 'groups: there is no group ops'],
    [
      'too many people',
      { groups: [{ group: 'treasury', need: 3 }] },
      'groups: 3 of treasury cannot',
    ],
    ['a misspelled field', { If: 'first_payment' }, 'rules[0].If: is no known field'],
    [
      'the name of the setting',
      { name: 'address-book-only' },
      'rules[0].name: address-book-only is',
    ],
  ])('is not read with %s', (_what, rule, fault) => {
    expect(faultsOf(rule).join()).toContain(fault);
  });

  it('is loosened by people, by fewer people, by another condition, and by its removal', () => {
    const asking = recipient({ quorums: TREASURY });
    const loosened = (from: RecipientRule, ...to: readonly RecipientRule[]) =>
      looseningsOf(ruleSet(from), ruleSet(...to)).length > 0;
    expect(loosened(recipient(), asking)).toBe(true);
    expect(loosened(asking, recipient({ quorums: [{ group: 'treasury', need: 1 }] }))).toBe(true);
    expect(loosened(asking, { ...asking, when: 'resembles_paid' })).toBe(true);
    expect(loosened(asking, { ...asking, decideWithinHours: 25 })).toBe(true);
    expect(loosened(asking)).toBe(true);
    expect(loosened(asking, recipient())).toBe(false);
    expect(loosened(asking, asking, recipient({ name: 'other' }))).toBe(false);
  });

  it('is described for people', () => {
    expect(describeRule(recipient())).toBe(
      'refuse first payments to a recipient, for all withdrawals',
    );
    expect(describeRule(recipient({ when: 'resembles_paid', quorums: TREASURY }))).toBe(
      '2 of treasury approve payments to an address that resembles a paid address within 24 h, for all withdrawals',
    );
  });
});
