import { documentOf, parseRuleSet } from './parse-rule-set.js';
import { DEFAULT_RULE_SET } from './rule.js';
import { ACCOUNT, limit, ruleSet } from './testing/policy-examples.js';

const LIMIT = { kind: 'limit', name: 'daily', max: '100', unit: 'EUR', window: 'day' };
const DENY = { kind: 'deny', name: 'closed' };
const PER = 'rules[0].per: must be a list of account, key, asset, destination, venue, each once';
const NAME = 'rules[0].name: must be 1 to 63 of a-z, 0-9, - and _, first a-z or 0-9';
const MAX = 'rules[0].max: must be a decimal amount or a whole count, as text';
const UNIT = 'rules[0].unit: must be one of asset, EUR, payments';
const WINDOW = 'rules[0].window: must be one of hour, day, 30_days, lifetime, calendar_day';
const ZONE = 'rules[0].time_zone: must be an IANA name for calendar_day, and absent otherwise';
const RULES = 'rules: must be a list of at most 200 rules';
const HOURS = 'loosening_waits_hours: must be a whole number from 1 to 720';
const MINUTES = 'price_max_age_minutes: must be a whole number from 1 to 1440';

function faultsOf(document: unknown): readonly string[] {
  const result = parseRuleSet(document);
  return result.ok ? [] : result.refusal;
}

const faultsOfRule = (rule: unknown) => faultsOf({ rules: [rule] });
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

describe('a rule set', () => {
  it.each([[{}], [{ rules: [] }]])('of %j is the default', (document) =>
    expect(parseRuleSet(document)).toEqual({ ok: true, value: DEFAULT_RULE_SET }),
  );

  it('contains every kind of rule', () => {
    const lists = {
      accounts: [ACCOUNT],
      keys: ['key-1'],
      assets: ['USDT.ETH', 'USDC.ETH'],
      venues: ['acme', 'evm'],
    };
    const document = {
      loosening_waits_hours: 48,
      price_max_age_minutes: 5,
      rules: [
        { kind: 'deny', name: 'closed', ...lists },
        { kind: 'deny', name: 'all' },
        {
          kind: 'limit',
          name: 'day_of-warsaw',
          ...lists,
          per: ['account', 'key', 'asset', 'destination', 'venue'],
          max: '1000.50',
          unit: 'asset',
          window: 'calendar_day',
          time_zone: 'Europe/Warsaw',
        },
        { kind: 'limit', name: '1', per: [], max: '20', unit: 'payments', window: 'hour' },
        { ...LIMIT, name: 'worth', window: '30_days', time_zone: null },
        { ...LIMIT, name: 'ever', window: 'lifetime' },
      ],
    };

    const result = parseRuleSet(JSON.parse(JSON.stringify(document)));

    const plain = { kind: 'limit', scope: {}, per: [], timeZone: null };
    expect(result).toEqual({
      ok: true,
      value: {
        looseningWaitsHours: 48,
        priceMaxAgeMinutes: 5,
        groups: {},
        rules: [
          { kind: 'deny', name: 'closed', scope: lists },
          { kind: 'deny', name: 'all', scope: {} },
          {
            kind: 'limit',
            name: 'day_of-warsaw',
            scope: lists,
            per: ['account', 'key', 'asset', 'destination', 'venue'],
            max: '1000.50',
            unit: 'asset',
            window: 'calendar_day',
            timeZone: 'Europe/Warsaw',
          },
          { ...plain, name: '1', max: '20', unit: 'payments', window: 'hour' },
          { ...plain, name: 'worth', max: '100', unit: 'EUR', window: '30_days' },
          { ...plain, name: 'ever', max: '100', unit: 'EUR', window: 'lifetime' },
        ],
      },
    });
  });

  it.each([[null], ['{}'], [7], [[]], [undefined]])('is no %j', (document) =>
    expect(faultsOf(document)).toEqual(['policy: must be an object']),
  );

  it.each([
    ['an unknown field', { rule: [] }, 'rule: is no known field'],
    ['a field in camel case', { looseningWaitsHours: 1 }, 'looseningWaitsHours: is no known field'],
    ['rules as an object', { rules: {} }, RULES],
    ['null for rules', { rules: null }, RULES],
    ['too many rules', { rules: times(201, (at) => ({ ...DENY, name: `r${at}` })) }, RULES],
    ['no hours', { loosening_waits_hours: 0 }, HOURS],
    ['too many hours', { loosening_waits_hours: 721 }, HOURS],
    ['a part of an hour', { loosening_waits_hours: 1.5 }, HOURS],
    ['hours as text', { loosening_waits_hours: '24' }, HOURS],
    ['null for hours', { loosening_waits_hours: null }, HOURS],
    ['no minutes', { price_max_age_minutes: 0 }, MINUTES],
    ['too many minutes', { price_max_age_minutes: 1441 }, MINUTES],
    ['null for minutes', { price_max_age_minutes: null }, MINUTES],
    ['a repeated name', { rules: [DENY, DENY, DENY] }, 'rules: the name closed is used twice'],
    ['a name of two kinds', { rules: [DENY, { ...LIMIT, name: 'closed' }] }, /used twice$/],
  ])('is refused for %s', (_fault, document, fault) =>
    expect(faultsOf(document)).toEqual([
      typeof fault === 'string' ? fault : expect.stringMatching(fault),
    ]),
  );

  it('is taken at the edges of its sizes', () => {
    const largest = {
      loosening_waits_hours: 720,
      price_max_age_minutes: 1440,
      rules: times(200, (at) => ({ ...DENY, name: `r${at}`.padEnd(63, '-') })),
    };

    expect(faultsOf(largest)).toEqual([]);
    expect(faultsOf({ loosening_waits_hours: 1, price_max_age_minutes: 1 })).toEqual([]);
    expect(faultsOfRule({ ...DENY, keys: times(1000, () => 'k'.repeat(128)) })).toEqual([]);
  });

  it('has every fault reported at once, with its path', () =>
    expect(
      faultsOf({
        limits: 1,
        loosening_waits_hours: -1,
        rules: [DENY, 'deny', { kind: 'limit', name: '-', color: 'red', keys: [] }, {}],
      }),
    ).toEqual([
      'limits: is no known field',
      HOURS,
      'rules[1]: must be an object',
      NAME.replace('[0]', '[2]'),
      'rules[2].keys: must be a list of 1 to 1000 keys',
      'rules[2].color: is no known field',
      UNIT.replace('[0]', '[2]'),
      WINDOW.replace('[0]', '[2]'),
      MAX.replace('[0]', '[2]'),
      NAME.replace('[0]', '[3]'),
      'rules[3].kind: must be limit, approval, recipient or deny',
    ]));
});

describe('a rule', () => {
  it.each([[null], ['deny'], [[DENY]]])('is no %j', (rule) =>
    expect(faultsOfRule(rule)).toEqual(['rules[0]: must be an object']),
  );

  it.each([[undefined], ['allow'], ['Deny'], [null], [['deny']]])('has no kind %j', (kind) =>
    expect(faultsOfRule({ ...DENY, kind })).toEqual([
      'rules[0].kind: must be limit, approval, recipient or deny',
    ]),
  );

  it.each([
    [undefined],
    [null],
    [''],
    [7],
    ['Daily'],
    ['-a'],
    ['_a'],
    ['a b'],
    ['a\n'],
    ['a'.repeat(64)],
    [['a']],
    [{ toString: 1, valueOf: 1 }],
  ])('has no name %j', (name) => expect(faultsOfRule({ ...DENY, name })).toEqual([NAME]));

  it('without a name is no repetition of another without a name', () =>
    expect(faultsOf({ rules: [{ kind: 'deny' }, { kind: 'deny' }] })).toEqual([
      NAME,
      NAME.replace('[0]', '[1]'),
    ]));

  it.each(['accounts', 'keys', 'assets', 'venues'])('has a valid list of %s, or none', (field) => {
    const fault = [`rules[0].${field}: must be a list of 1 to 1000 ${field}`];

    const valid = { accounts: ACCOUNT, assets: 'USDT.ETH' }[field] ?? 'x';
    const none = [null, [], 'x', {}, { 0: valid, length: 1 }];
    const wrong = ['', 'a b', 'é', 'x'.repeat(129), 7, null, [valid]].map((value) => [value]);
    const many = times(1001, () => valid);
    for (const list of [...none, ...wrong, many, [valid, '']])
      expect(faultsOfRule({ ...DENY, [field]: list })).toEqual(fault);
    expect(faultsOfRule({ ...DENY, [field]: [valid] })).toEqual([]);
  });

  it.each([
    ['accounts', ACCOUNT.toUpperCase()],
    ['accounts', `${ACCOUNT}0`],
    ['assets', 'USDT'],
    ['assets', 'usdt.eth'],
  ])('has no %s %j', (field, value) =>
    expect(faultsOfRule({ ...DENY, [field]: [value] })).toHaveLength(1),
  );

  it.each(['account', 'Keys', 'asset', 'scope', 'max', 'per', 'time_zone', 'constructor'])(
    'that denies has no field %s',
    (field) =>
      expect(faultsOfRule({ ...DENY, [field]: ['x'] })).toEqual([
        `rules[0].${field}: is no known field`,
      ]),
  );
});

describe('a limit', () => {
  it.each([
    ['field action', { action: 'deny' }, ['rules[0].action: is no known field']],
    ['field timeZone', { timeZone: 'UTC' }, ['rules[0].timeZone: is no known field']],
    ['max as a number', { max: 100 }, [MAX]],
    ['max of null', { max: null }, [MAX]],
    ['max with a sign', { max: '-1' }, [MAX]],
    ['max with an exponent', { max: '1e3' }, [MAX]],
    ['max with separators', { max: '1,000' }, [MAX]],
    ['max of 25 digits', { max: '1'.repeat(25) }, [MAX]],
    ['max of 31 decimals', { max: `0.${'1'.repeat(31)}` }, [MAX]],
    ['max in a list', { max: ['1'] }, [MAX]],
    ['max of half a payment', { max: '1.5', unit: 'payments' }, [MAX]],
    ['max of a payment with decimals', { max: '1.0', unit: 'payments' }, [MAX]],
    ['unknown unit', { unit: 'USD' }, [UNIT]],
    ['missing unit', { unit: undefined }, [UNIT]],
    ['unknown window', { window: 'week' }, [WINDOW]],
    ['inherited window', { window: 'toString' }, [WINDOW]],
    ['unknown property', { per: ['ip'] }, [PER]],
    ['property as text', { per: 'account' }, [PER]],
    ['null for properties', { per: null }, [PER]],
    ['repeated property', { per: ['key', 'key'] }, [PER]],
    ['a million properties', { per: times(1_000_000, () => 'key') }, [PER]],
    ['missing zone', { window: 'calendar_day' }, [ZONE]],
    ['unknown zone', { window: 'calendar_day', time_zone: 'Mars/Olympus' }, [ZONE]],
    ['empty zone', { window: 'calendar_day', time_zone: '' }, [ZONE]],
    ['offset as zone', { window: 'calendar_day', time_zone: '+02:00' }, [ZONE]],
    ['list as zone', { window: 'calendar_day', time_zone: ['UTC'] }, [ZONE]],
    ['zone of a rolling day', { time_zone: 'UTC' }, [ZONE]],
    [
      'unit of the asset for every asset',
      { unit: 'asset' },
      ['rules[0].assets: a limit in units of the asset must list its assets'],
    ],
  ])('is refused with %s', (_fault, change, faults) =>
    expect(faultsOfRule({ ...LIMIT, ...change })).toEqual(faults),
  );

  it.each(['0', '0.5', `${'9'.repeat(24)}.${'9'.repeat(30)}`])('has a maximum of %s', (max) =>
    expect(faultsOfRule({ ...LIMIT, max })).toEqual([]),
  );

  it.each(['UTC', 'Europe/Warsaw', 'Asia/Kathmandu', 'Pacific/Kiritimati'])(
    'counts the calendar day of %s',
    (zone) =>
      expect(faultsOfRule({ ...LIMIT, window: 'calendar_day', time_zone: zone })).toEqual([]),
  );
});

describe('a document with names of the prototype', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'is refused for %s, and changes no other object',
    (field) => {
      const rules = `[{"kind":"deny","name":"closed"}]`;
      const polluted = `{"keys":["k"],"max":"1","rules":${rules}}`;
      const set: unknown = JSON.parse(`{"${field}":${polluted},"rules":${rules}}`);
      const rule: unknown = JSON.parse(`{"kind":"deny","name":"closed","${field}":${polluted}}`);

      expect(faultsOf(set)).toEqual([`${field}: is no known field`]);
      expect(faultsOfRule(rule)).toEqual([`rules[0].${field}: is no known field`]);
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect({}).not.toHaveProperty('keys');
    },
  );

  it('can have a rule named constructor', () =>
    expect(faultsOfRule({ ...DENY, name: 'constructor' })).toEqual([]));
});

describe('the document of a rule set', () => {
  it('has every field in the names of the document, and no time zone for other windows', () => {
    expect(documentOf(DEFAULT_RULE_SET)).toEqual({
      loosening_waits_hours: 24,
      price_max_age_minutes: 60,
      groups: {},
      rules: [],
    });
    const zone = limit({ scope: { venues: ['acme'] }, window: 'calendar_day', timeZone: 'UTC' });
    const [first, second] = (documentOf(ruleSet(zone, limit())) as { rules: object[] }).rules;
    expect(first).toEqual({
      kind: 'limit',
      name: 'limit',
      venues: ['acme'],
      per: ['account'],
      max: '100',
      unit: 'asset',
      window: 'calendar_day',
      time_zone: 'UTC',
    });
    expect(second).not.toHaveProperty('time_zone');
  });
});
