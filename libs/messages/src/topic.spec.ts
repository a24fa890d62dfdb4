import { IsIn, IsOptional, ValidateNested, validateSync } from 'class-validator';
import fc from 'fast-check';
import { IsClientReferenceOrNull } from './account-fields.js';
import { compileRules, dataSchema, type MessageClass, type Rules, topic } from './topic.js';
import { IsAmount, IsLabel } from './fields.js';
import { ALL_TOPICS, HOUSE_ACCOUNT } from './index.js';
import { venueCommands } from './venue-commands.topic.js';
import { VENUE_EVENTS } from './venue-events.topic.js';
import { withdrawalEvents } from './withdrawal-events.topic.js';

const CLASSES = [
  ...new Set<MessageClass>(ALL_TOPICS.flatMap(({ types }) => Object.values(types))),
].map((cls) => ({ cls, name: cls.name }));

const UUID = fc.uuid();
const VALID = fc.oneof(
  UUID,
  fc.constantFrom(
    'USDT.ETH',
    '0',
    '12.5',
    '0.000000000000000001',
    'gateio',
    '2026-11-20T08:00:00.000Z',
    'Überweisung',
    '1001',
    'a1'.repeat(32),
    `2026-11.${'Aa0_-'.repeat(9).slice(0, 43)}`,
    `2026-11-20T08:00:00.000Z~2026-11.${'Aa0_-'.repeat(9).slice(0, 43)}`,
    HOUSE_ACCOUNT,
    'hot',
    'payment',
  ),
  fc.constantFrom<unknown>(null, 1, true, false),
  fc.constantFrom<unknown>(
    { type: 'address', address: '0x1' },
    { type: 'venue_account', kind: 'uid', value: '12345678' },
  ),
  UUID.map((accountId) => [{ network: 'ETH', address: '0x1', purpose: 'hot', accountId }]),
  fc.constant([{ network: 'ETH', currency: 'USDT', address: '0x2' }]),
  UUID.map((withdrawalId) => [{ withdrawalId, state: 'submitting' }]),
  UUID.map((id) => [
    {
      withdrawalId: id,
      accountId: id,
      asset: 'USDT.ETH',
      amount: '12.5',
      recipientDigest: 'a1'.repeat(32),
    },
  ]),
);
const CORRUPT = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.constantFrom(
    '',
    '1e5',
    '-1',
    '+1',
    '1.',
    '.5',
    '01',
    ' 1',
    '1,5',
    '０',
    'usdt.eth',
    'USDT',
    'A.B.C',
    'Gateio',
    'g',
    '2026-11-20',
    '2026-11-20T08:00:00+01:00',
    '0',
  ),
  fc.constantFrom(
    'x'.repeat(128),
    'x'.repeat(129),
    'x'.repeat(1000),
    'x'.repeat(1001),
    '1'.repeat(39),
    '9'.repeat(20),
  ),
  UUID.map((id) => id.toUpperCase()),
  fc.constantFrom<unknown>(
    undefined,
    0,
    -1,
    1.5,
    NaN,
    Infinity,
    2 ** 53,
    [],
    ['1'],
    {},
    { type: 'address' },
    { type: '__proto__' },
    { type: 'venue_account', kind: 'x', value: '1' },
  ),
);
const FIELD = fc.oneof({ weight: 3, arbitrary: VALID }, { weight: 2, arbitrary: CORRUPT });

describe('compiled rules', () => {
  it.each(CLASSES)("agree with class-validator's own for $name, fault by fault", ({ cls }) => {
    const rules = compileRules(cls);
    const candidates = fc.record(
      Object.fromEntries(fieldsOf(rules).map((field) => [field, FIELD])),
      { requiredKeys: [] },
    );

    fc.assert(
      fc.property(candidates, (data) => {
        expect([...rules(data)].sort()).toEqual(slowly(cls, data));
      }),
      { numRuns: 300 },
    );
  });

  it('meet valid and invalid values of each field in those runs', () => {
    const values = fc.sample(FIELD, { numRuns: 2_000, seed: 1 });
    const verdicts = CLASSES.flatMap(({ cls }) => {
      const rules = compileRules(cls);
      return fieldsOf(rules).map(
        (field) =>
          new Set(
            values.map((value) =>
              rules({ [field]: value }).some((fault) => fault.startsWith(`${field} `)),
            ),
          ).size,
      );
    });

    expect(new Set(verdicts)).toEqual(new Set([2]));
  });

  it('accept a missing optional field, and check a present optional field', () => {
    class WithOptional {
      @IsAmount() amount!: string;
      @IsOptional() @IsLabel() note?: string;
    }
    const rules = compileRules(WithOptional);

    expect(rules({ amount: '1' })).toEqual([]);
    expect(rules({ amount: '1', note: 'x' })).toEqual([]);
    expect(rules({ amount: '1', note: '' })).toEqual(['note must be 1 to 128 characters']);
  });

  it('count the code points of a client reference, as its schema does', () => {
    class WithReference {
      @IsClientReferenceOrNull() reference!: string | null;
    }
    const rules = compileRules(WithReference);
    const fault = 'reference must be 1 to 128 characters or null';

    for (const reference of [null, 'r'.repeat(128), '🔑'.repeat(128)])
      expect(rules({ reference })).toEqual([]);
    for (const reference of ['', 'r'.repeat(129), '🔑'.repeat(129)])
      expect(rules({ reference })).toEqual([fault]);
  });

  it('understand the decorators of class-validator that check one value', () => {
    class WithChoice {
      @IsIn(['a', 'b']) choice!: string;
    }

    expect(compileRules(WithChoice)({ choice: 'a' })).toEqual([]);
    expect(compileRules(WithChoice)({ choice: 'c' })).toHaveLength(1);
  });

  it('refuse at start to compile what they do not understand', () => {
    class WithNested {
      @ValidateNested() inner!: object;
    }

    expect(() => compileRules(WithNested)).toThrow(
      'WithNested.inner uses a decorator that message rules cannot compile: nestedValidation',
    );
  });

  it('ignore inherited fields of the data itself', () => {
    class Named {
      @IsLabel() name!: string;
    }

    expect(
      compileRules(Named)(JSON.parse('{"__proto__":{"name":"x"}}') as Record<string, unknown>),
    ).toEqual(['name must be 1 to 128 characters']);
  });
});

function slowly(cls: MessageClass, data: object): readonly string[] {
  return validateSync(Object.assign(new cls(), data))
    .flatMap(({ constraints }) => Object.values(constraints ?? {}))
    .sort();
}

/** Every field has a fault when nothing is there, and each fault starts with its field. */
function fieldsOf(rules: Rules): readonly string[] {
  return [...new Set(rules({}).map((fault) => fault.split(' ')[0] ?? ''))];
}

describe('dataSchema', () => {
  it('describes each field by the checks of its decorator', () => {
    const { required, properties } = dataSchema(withdrawalEvents, 'withdrawal.completed.v1');

    expect(required).toContain('sequence');
    expect(properties).toMatchObject({
      sequence: { type: 'integer', minimum: 1 },
      clientReference: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    });
  });

  it('lets an optional field be missing or null', () => {
    const { required, properties } = dataSchema(
      venueCommands('gateio'),
      'venue.submit-withdrawal.v1',
    );

    expect(required).not.toContain('digest');
    expect(properties?.['digest']).toMatchObject({
      type: ['string', 'null'],
      pattern: '^[0-9a-f]{64}$',
    });
  });

  it('names the venue on the topic of a venue', () => {
    const [one] = VENUE_EVENTS;
    if (!one) throw new Error('a venue to look at');

    expect(dataSchema(one, 'venue.paid.v1').properties?.['venue']).toMatchObject({
      const: one.venue,
    });
  });

  it('knows no type of another topic, and no decorator without a schema', () => {
    class WithChoice {
      @IsIn(['a']) choice!: string;
    }
    const one = topic('one', {
      producedBy: 'a',
      consumedBy: null,
      key: 'choice',
      types: { 'a.b.v1': WithChoice },
    });

    expect(() => dataSchema(one, 'a.c.v1')).toThrow('a.c.v1 is not a type of one');
    expect(() => dataSchema(one, 'a.b.v1')).toThrow(
      'WithChoice.choice has a decorator without a JSON Schema',
    );
  });
});
