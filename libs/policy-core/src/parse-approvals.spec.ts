import { documentOf, parseRuleSet } from './parse-rule-set.js';
import { approval, group, ruleSet } from './testing/policy-examples.js';

const APPROVAL = {
  kind: 'approval',
  name: 'large',
  above: '1000',
  unit: 'EUR',
  groups: [{ group: 'ops', need: 1 }],
};
const OPS = { people: ['ann', 'bob'] };
const PEOPLE = 'groups.ops.people: must be a list of 1 to 100 names, each once';
const UNIT = 'rules[0].unit: must be one of asset, EUR';
const ABOVE = 'rules[0].above: must be a decimal amount, as text';
const HOURS = 'rules[0].decide_within_hours: must be a whole number from 1 to 720';
const QUORUMS =
  'rules[0].groups: must be a list such as [{"group": "treasury", "need": 2}], each group once';
const GROUPS = 'groups: must be an object of at most 100 groups by name';

function faultsOf(document: unknown): readonly string[] {
  const result = parseRuleSet(document);
  return result.ok ? [] : result.refusal;
}

const faultsOfGroups = (groups: unknown) => faultsOf({ groups });
const faultsOfRule = (change: object) =>
  faultsOf({ groups: { ops: OPS }, rules: [{ ...APPROVAL, ...change }] });
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

describe('groups of approvers', () => {
  it('need passkeys, unless the document refuses them', () =>
    expect(
      parseRuleSet({
        groups: {
          absent: { people: ['ann'] },
          yes: { people: ['ann'], passkey: true },
          no: { people: ['ann', 'Bob of Ops'], passkey: false },
        },
      }),
    ).toMatchObject({
      value: {
        groups: {
          absent: { people: ['ann'], needsPasskey: true },
          yes: { people: ['ann'], needsPasskey: true },
          no: { people: ['ann', 'Bob of Ops'], needsPasskey: false },
        },
      },
    }));

  it.each([[null], [[]], ['ops'], [7]])('are no %j', (groups) =>
    expect(faultsOfGroups(groups)).toEqual([GROUPS]),
  );

  it.each(['', 'Ops', '-ops', 'o p', 'a'.repeat(64), '__proto__'])('have no name %j', (name) => {
    const groups: unknown = JSON.parse(`{${JSON.stringify(name)}:{"people":["ann"]}}`);

    expect(faultsOfGroups(groups)).toEqual([
      `groups.${name}: must be an object under a name of a-z, 0-9, - and _`,
    ]);
  });

  it.each([[null], [['ann']], ['ann']])('are no group of %j', (ops) =>
    expect(faultsOfGroups({ ops })).toEqual([
      'groups.ops: must be an object under a name of a-z, 0-9, - and _',
    ]),
  );

  it.each([[null], ['true'], [0], [1]])('have no passkey of %j', (passkey) =>
    expect(faultsOfGroups({ ops: { ...OPS, passkey } })).toEqual([
      'groups.ops.passkey: must be true or false',
    ]),
  );

  it.each(['Passkey', 'needsPasskey', 'need', 'constructor'])('have no field %s', (field) =>
    expect(faultsOfGroups({ ops: { ...OPS, [field]: false } })).toEqual([
      `groups.ops.${field}: is no known field`,
    ]),
  );

  it.each<[string, unknown]>([
    ['no list', undefined],
    ['null', null],
    ['no members, which locks for good', []],
    ['a text', 'ann'],
    ['an object', { 0: 'ann', length: 1 }],
    ['too many', times(101, (at) => `p${at}`)],
    ['a number', ['ann', 7]],
    ['an empty name', ['']],
    ['a long name', ['a'.repeat(257)]],
    ['a line break', ['ann\n']],
    ['an invisible letter', ['an\u200bn']],
    ['half of a letter', ['ann\ud800']],
    ['a repeated name', ['ann', 'bob', 'ann']],
    ['a name in other case', ['ann', 'ANN']],
    ['a name in full width', ['ann', '\uff41\uff4e\uff4e']],
    ['a name in full width and other case', ['ann', '\uff21\uff4e\uff4e']],
    ['a name of separate accents', ['zo\u00eb', 'zoe\u0308']],
    ['a name of another small sigma', ['\u03bd\u03bf\u03c2', '\u03bd\u03bf\u03c3']],
    ['a name with a dotted capital', ['\u0130da', 'i\u0307da']],
  ])('have no people of %s', (_people, people) =>
    expect(faultsOfGroups({ ops: { people } })).toEqual([PEOPLE]),
  );

  it.each(['ANN', '\uff41\uff4e\uff4e'])(
    'have one spelling of a person: ann in one and %s in another would count for both',
    (other) =>
      expect(faultsOfGroups({ ops: OPS, board: { people: [other, 'eve'] } })).toEqual([
        `groups: ann and ${other} are two spellings of a name`,
      ]),
  );

  it('can share people, and are taken at the edges of their sizes', () => {
    const people = times(100, (at) => `p${at}`.padEnd(256, '.'));
    const groups = Object.fromEntries(times(100, (at) => [`g${at}`, { people }]));

    expect(faultsOfGroups(groups)).toEqual([]);
    expect(faultsOfGroups({ ...groups, ops: OPS })).toEqual([GROUPS]);
  });
});

describe('an approval rule', () => {
  it('has 24 hours unless it lists others', () => {
    const rules = [APPROVAL, { ...APPROVAL, name: 'other', decide_within_hours: 2 }];

    expect(parseRuleSet({ groups: { ops: OPS }, rules })).toMatchObject({
      value: {
        rules: [
          {
            kind: 'approval',
            name: 'large',
            scope: {},
            above: '1000',
            unit: 'EUR',
            quorums: [{ group: 'ops', need: 1 }],
            decideWithinHours: 24,
          },
          { name: 'other', decideWithinHours: 2 },
        ],
      },
    });
  });

  it.each<[string, object, string]>([
    ['field max', { max: '1' }, 'rules[0].max: is no known field'],
    ['field per', { per: ['key'] }, 'rules[0].per: is no known field'],
    ['field quorums', { quorums: [] }, 'rules[0].quorums: is no known field'],
    ['missing unit', { unit: undefined }, UNIT],
    ['unit of payments', { unit: 'payments' }, UNIT],
    ['unit in a list', { unit: ['EUR'] }, UNIT],
    ['missing amount', { above: undefined }, ABOVE],
    ['amount as a number', { above: 1000 }, ABOVE],
    ['amount with a sign', { above: '-1' }, ABOVE],
    ['amount of 25 digits', { above: '1'.repeat(25) }, ABOVE],
    ['no hours', { decide_within_hours: 0 }, HOURS],
    ['too many hours', { decide_within_hours: 721 }, HOURS],
    ['half an hour', { decide_within_hours: 0.5 }, HOURS],
    ['null for hours', { decide_within_hours: null }, HOURS],
    ['hours as text', { decide_within_hours: '24' }, HOURS],
    [
      'unit of the asset for every asset',
      { unit: 'asset' },
      'rules[0].assets: an amount in units of the asset must list its assets',
    ],
  ])('is refused with %s', (_fault, change, fault) =>
    expect(faultsOfRule(change)).toEqual([fault]),
  );

  it.each<[unknown]>([
    [undefined],
    [null],
    [[]],
    ['ops'],
    [{ group: 'ops', need: 1 }],
    [['ops']],
    [[null]],
    [[{ group: 'ops' }]],
    [[{ need: 1 }]],
    [[{ group: 'Ops', need: 1 }]],
    [[{ group: ['ops'], need: 1 }]],
    [[{ group: 'ops', need: 0 }]],
    [[{ group: 'ops', need: -1 }]],
    [[{ group: 'ops', need: 1.5 }]],
    [[{ group: 'ops', need: '1' }]],
    [[{ group: 'ops', need: 101 }]],
    [[{ group: 'ops', need: 1, passkey: false }]],
    [[{ group: 'ops', need: 1 }, {}]],
    [
      [
        { group: 'ops', need: 1 },
        { group: 'ops', need: 1 },
      ],
    ],
  ])('has no groups %j', (groups) => expect(faultsOfRule({ groups })).toEqual([QUORUMS]));

  it('has every fault reported at once', () =>
    expect(
      faultsOf({ groups: { ops: {} }, rules: [{ kind: 'approval', name: 'a', keys: [] }] }),
    ).toEqual([PEOPLE, 'rules[0].keys: must be a list of 1 to 1000 keys', UNIT, ABOVE, QUORUMS]));
});

describe('a quorum', () => {
  const faults = (groups: object, ...quorums: readonly (readonly object[])[]) =>
    faultsOf({
      groups,
      rules: quorums.map((list, at) => ({ ...APPROVAL, name: `r${at}`, groups: list })),
    });
  const ops = (need: number) => ({ group: 'ops', need });
  const board = (need: number) => ({ group: 'board', need });
  const together = (text: string) =>
    `groups: ${text} cannot approve together, because each person counts for one group`;

  it.each(['board', 'constructor'])('of an unknown group named %s is refused', (name) => {
    const unknown = [`groups: there is no group ${name}`];

    expect(faults({ ops: OPS }, [ops(1), { group: name, need: 1 }])).toEqual(unknown);
    expect(faults({}, [{ group: name, need: 1 }], [{ group: name, need: 2 }])).toEqual(unknown);
  });

  it('of a group named constructor can be met', () =>
    expect(faults({ constructor: OPS }, [{ group: 'constructor', need: 2 }])).toEqual([]));

  it('of more people than the group has is refused', () => {
    expect(faults({ ops: OPS }, [ops(2)])).toEqual([]);
    expect(faults({ ops: OPS }, [ops(3)])).toEqual([together('3 of ops')]);
  });

  it('that needs one person for two groups is refused, within a rule and between rules', () => {
    const groups = { ops: OPS, board: { people: ['bob', 'cat'] } };

    expect(faults(groups, [ops(1), board(2)])).toEqual([]);
    expect(faults(groups, [ops(2), board(2)])).toEqual([together('2 of ops, 2 of board')]);
    expect(faults(groups, [ops(2), board(1)], [board(2)])).toEqual([
      together('2 of ops, 2 of board'),
    ]);
    expect(faults(groups, [ops(2)], [ops(1), board(1)])).toEqual([]);
  });

  it('is met for each payment alone: rules of separate accounts never apply together', () => {
    const groups = { ops: OPS, board: OPS };
    const of = (account: string, quorum: object) => ({
      ...APPROVAL,
      name: `of-${account}`,
      accounts: [`${account.repeat(8)}-0000-7000-8000-000000000000`],
      groups: [quorum],
    });
    const apart = [of('a', ops(2)), of('b', board(2))];

    expect(faultsOf({ groups, rules: apart })).toEqual([]);
    const all = { ...APPROVAL, name: 'all', groups: [board(1)] };
    expect(faultsOf({ groups, rules: [...apart, all] })).toEqual([
      together('2 of ops, 1 of board'),
      together('2 of ops, 2 of board'),
    ]);
  });

  it('is not asked of a document with other faults', () =>
    expect(faultsOf({ rule: 1, rules: [APPROVAL] })).toEqual(['rule: is no known field']));
});

describe('the document of a set with approvals', () => {
  it('has every field, also the absent ones', () =>
    expect(
      documentOf({
        ...ruleSet(approval({ scope: { assets: ['USDT.ETH'] } })),
        groups: { ops: group('ann'), board: { people: ['eve'], needsPasskey: false } },
      }),
    ).toEqual({
      loosening_waits_hours: 24,
      price_max_age_minutes: 60,
      groups: {
        ops: { people: ['ann'], passkey: true },
        board: { people: ['eve'], passkey: false },
      },
      rules: [
        {
          kind: 'approval',
          name: 'approval',
          assets: ['USDT.ETH'],
          above: '10',
          unit: 'asset',
          groups: [{ group: 'ops', need: 1 }],
          decide_within_hours: 24,
        },
      ],
    }));
});
