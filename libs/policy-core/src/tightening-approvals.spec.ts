import type { Rule, RuleSet } from './rule.js';
import { approval, deny, group, limit, ruleSet } from './testing/policy-examples.js';
import { describeRule, differencesOf, looseningsOf } from './tightening.js';

const GROUPS = { ops: group('ann', 'bob'), board: group('eve', 'bob') };
const ops = (need: number) => ({ group: 'ops', need });
const board = (need: number) => ({ group: 'board', need });
const setOf = (groups: RuleSet['groups'], ...rules: readonly Rule[]): RuleSet => ({
  ...ruleSet(...rules),
  groups,
});
const looser = (present: Rule, ...next: readonly Rule[]) =>
  looseningsOf(setOf(GROUPS, present), setOf(GROUPS, ...next));
const loosened = (name: string) => [`rule ${name} is removed or allows more`];

describe('a change of an approval rule', () => {
  const present = approval({
    scope: { venues: ['v', 'w'], assets: ['USDT.ETH'] },
    quorums: [ops(1), board(1)],
  });

  it.each([
    ['equal', {}],
    ['renamed', { name: 'other' }],
    ['lower edge', { above: '9.999999999999999999' }],
    ['equal edge in other digits', { above: '10.0' }],
    ['shorter time', { decideWithinHours: 23 }],
    ['higher need', { quorums: [ops(1), board(2)] }],
    ['order of the groups', { quorums: [board(1), ops(1)] }],
    ['further group', { quorums: [board(1), ops(1), { group: 'treasury', need: 1 }] }],
    ['longer list', { scope: { venues: ['v', 'w', 'x'], assets: ['USDT.ETH' as const] } }],
    ['fewer lists of facts that are always known', { scope: { venues: ['v', 'w'] } }],
  ])('to one with an %s is a tightening', (_change, change) =>
    expect(looser(present, { ...present, ...change })).toEqual([]),
  );

  it.each([
    ['higher edge', { above: '10.000000000000000001' }],
    ['longer time', { decideWithinHours: 25 }],
    ['lower need', { quorums: [ops(1), board(0)] }],
    ['removed group', { quorums: [ops(2)] }],
    ['other group', { quorums: [ops(1), { group: 'treasury', need: 1 }] }],
    ['other unit', { unit: 'EUR' as const }],
    ['other unit of zero', { unit: 'EUR' as const, above: '0' }],
    ['other list', { scope: { venues: ['v', 'x'], assets: ['USDT.ETH' as const] } }],
    ['shorter list', { scope: { venues: ['v'], assets: ['USDT.ETH' as const] } }],
    ['further list', { scope: { ...present.scope, keys: ['k'] } }],
  ])('to one with a(n) %s is a loosening', (_change, change) =>
    expect(looser(present, { ...present, ...change })).toEqual(loosened('approval')),
  );

  it.each([
    ['venues', { venues: ['v'] }],
    ['keys', { keys: ['k'] }],
  ])('to one without its list of %s allows what an unknown fact refused', (_list, scope) =>
    expect(looser(approval({ scope }), approval())).toEqual(loosened('approval')),
  );

  it('to a denial of the scope or more is a tightening, and to one of less a loosening', () => {
    expect(looser(present, deny())).toEqual([]);
    expect(looser(present, deny({ scope: { venues: ['w', 'v', 'x'] } }))).toEqual([]);
    expect(looser(present, deny({ scope: { venues: ['v'] } }))).toEqual(loosened('approval'));
  });

  it('to a limit is a loosening, also of zero', () =>
    expect(looser(approval(), limit({ max: '0' }))).toEqual(loosened('approval')));

  it('from a denial or a limit is a loosening, also above zero', () => {
    const all = approval({ above: '0' });

    expect(looser(deny(), all)).toEqual(loosened('deny'));
    expect(looser(limit(), all)).toEqual(loosened('limit'));
    expect(looser(limit({ max: '0' }), all)).toEqual(loosened('limit'));
  });

  it('from a removed rule is a loosening, unless another rule covers it', () => {
    expect(looser(present)).toEqual(loosened('approval'));
    expect(looser(present, limit(), { ...present, name: 'other' })).toEqual([]);
  });

  it('into two rules for its groups errs towards a loosening', () =>
    expect(
      looser(present, { ...present, quorums: [ops(1)] }, { ...present, quorums: [board(1)] }),
    ).toEqual(loosened('approval')));
});

describe('a change of the groups', () => {
  const rule = approval();
  const changed = (groups: RuleSet['groups'], ...rules: readonly Rule[]) =>
    looseningsOf(setOf(GROUPS, rule), setOf(groups, ...rules));

  it.each<[string, RuleSet['groups']]>([
    ['fewer people', { ...GROUPS, ops: group('bob') }],
    ['another order', { board: group('bob', 'eve'), ops: group('bob', 'ann') }],
    ['a new group', { ...GROUPS, treasury: group('dan') }],
    ['no group that a rule names', { ops: GROUPS.ops }],
    ['no group of a rule, which nothing can meet', {}],
  ])('to %s is a tightening', (_change, groups) => expect(changed(groups, rule)).toEqual([]));

  it('to people with passkeys from now on is a tightening', () => {
    const without = { ops: { ...GROUPS.ops, needsPasskey: false } };

    expect(looseningsOf(setOf(without, rule), setOf(GROUPS, rule))).toEqual([]);
    expect(looseningsOf(setOf(without, rule), setOf(without, rule))).toEqual([]);
  });

  it('to none with a denial for their rule is a tightening', () =>
    expect(changed({}, deny())).toEqual([]));

  it.each<[string, RuleSet['groups'], readonly string[]]>([
    ['more people', { ops: group('ann', 'bob', 'cat', 'dan') }, ['group ops gets cat, dan']],
    ['other people', { ops: group('ann', 'Bob') }, ['group ops gets Bob']],
    ['more people, with no rule', { board: group('eve', 'ann') }, ['group board gets ann']],
    [
      'no passkeys',
      { ops: { people: ['ann'], needsPasskey: false } },
      ['group ops needs no passkeys any more'],
    ],
    [
      'more people without passkeys',
      { ops: { people: ['cat'], needsPasskey: false } },
      ['group ops gets cat', 'group ops needs no passkeys any more'],
    ],
  ])('to %s is a loosening', (_change, groups, loosenings) =>
    expect(changed({ ...GROUPS, ...groups }, rule)).toEqual(loosenings),
  );

  it('with a name of the prototype has no fault', () => {
    const named = setOf({ constructor: group('ann') });

    expect(looseningsOf(named, setOf({}))).toEqual([]);
    expect(looseningsOf(setOf({}), named)).toEqual([]);
    expect(differencesOf(named, setOf({}))).toEqual([
      '~ group constructor: ann, with passkeys -> none',
    ]);
  });
});

describe('the differences of two sets with approvals', () => {
  it('are none for equal groups in another order', () =>
    expect(differencesOf(setOf(GROUPS), setOf({ board: GROUPS.board, ops: GROUPS.ops }))).toEqual(
      [],
    ));

  it('are the changed, removed and added groups after the terms, then the rules', () => {
    const present = setOf({ ...GROUPS, old: group('dan') }, approval());
    const next = setOf(
      { ops: { ...GROUPS.ops, needsPasskey: false }, board: group('eve'), new: group('zoe') },
      approval({ quorums: [ops(1), board(1)], decideWithinHours: 2 }),
    );

    expect(differencesOf(present, { ...next, looseningWaitsHours: 48 })).toEqual([
      '~ loosening_waits_hours: 24 -> 48',
      '~ group ops: ann, bob, with passkeys -> ann, bob',
      '~ group board: eve, bob, with passkeys -> eve, with passkeys',
      '~ group old: dan, with passkeys -> none',
      '~ group new: none -> zoe, with passkeys',
      '- approval: 1 of ops approve above 10 units of the asset within 24 h, for all withdrawals',
      '+ approval: 1 of ops and 1 of board approve above 10 units of the asset within 2 h, for all withdrawals',
    ]);
  });

  it.each([
    [group('a', 'b'), group('a, b')],
    [group('a'), { people: ['a, with passkeys'], needsPasskey: false }],
  ])('show groups that differ, with an equal text: %j', (one, other) =>
    expect(differencesOf(setOf({ ops: one }), setOf({ ops: other }))).toHaveLength(1),
  );
});

describe('an approval rule as text', () => {
  it.each<[Rule, string]>([
    [approval(), '1 of ops approve above 10 units of the asset within 24 h, for all withdrawals'],
    [
      approval({
        unit: 'EUR',
        above: '0.5',
        quorums: [ops(2), board(1)],
        decideWithinHours: 1,
        scope: { keys: ['k', 'l'], venues: ['evm'] },
      }),
      '2 of ops and 1 of board approve above 0.5 EUR within 1 h, for keys k, l; venues evm',
    ],
  ])('%#', (rule, text) => expect(describeRule(rule)).toBe(text));
});
