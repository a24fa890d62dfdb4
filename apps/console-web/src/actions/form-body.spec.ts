import { bodyText, faultsInRefusal, faultsOf } from './form-body.js';
import type { FieldDescription, FieldKind } from './route-description.js';

function field(
  path: string,
  kind: FieldKind = 'text',
  more: Partial<FieldDescription> = {},
): FieldDescription {
  return {
    path,
    name: path.split('.').at(-1) ?? path,
    kind,
    description: null,
    isRequired: true,
    mayBeNull: false,
    choices: [],
    pattern: null,
    example: null,
    fields: [],
    ...more,
  };
}

const LIMIT = field('limit', 'group', {
  isRequired: false,
  fields: [field('limit.amount'), field('limit.days', 'whole number', { isRequired: false })],
});

describe('the text of a body', () => {
  it('keeps each digit of an amount, of a number and of JSON', () =>
    expect(
      bodyText([field('amount'), field('count', 'whole number'), field('more', 'json')], {
        amount: ' 11405184306090229330.019 ',
        count: '12',
        more: '{"n": 12345678901234567890.10}',
      }),
    ).toBe(
      '{"amount":"11405184306090229330.019","count":12,"more":{"n": 12345678901234567890.10}}',
    ));

  it('leaves out optional fields without a value, and sends null where a value has to be', () =>
    expect(
      bodyText(
        [
          field('reason', 'text', { isRequired: false }),
          field('until', 'time', { mayBeNull: true }),
          field('hard', 'flag'),
          LIMIT,
        ],
        { hard: 'false' },
      ),
    ).toBe('{"until":null,"hard":false}'));

  it('has groups, and lists of one text per line', () =>
    expect(
      bodyText([field('names', 'texts'), LIMIT], {
        names: 'one\n\n two \n',
        'limit.amount': '5',
        'limit.days': '3',
      }),
    ).toBe('{"names":["one","two"],"limit":{"amount":"5","days":3}}'));

  it('has the fixed values first, whatever was entered', () =>
    expect(
      bodyText(
        [field('digest'), field('reason')],
        { digest: 'x', reason: 'seen "it"' },
        {
          digest: 'ab',
          note: undefined,
        },
      ),
    ).toBe('{"digest":"ab","reason":"seen \\"it\\""}'));
});

describe('faults of a form', () => {
  it('are what the service would refuse for certain', () =>
    expect(
      faultsOf(
        [
          field('reason'),
          field('count', 'whole number'),
          field('more', 'json'),
          field('asset', 'text', { pattern: '^[A-Z]+$' }),
          field('until', 'time', { mayBeNull: true }),
          LIMIT,
        ],
        { count: '1.5', more: '{', asset: 'eth', 'limit.days': '1' },
      ),
    ).toEqual({
      reason: 'A value is needed.',
      count: 'This is no whole number.',
      more: 'This is no valid JSON.',
      asset: 'The text has another form than the service expects.',
      'limit.amount': 'A value is needed.',
    }));

  it('are none in an optional group without a value', () =>
    expect(faultsOf([LIMIT], {})).toEqual({}));
});

describe('a refusal with status 422', () => {
  it('is sorted by field, also for parts of a value; the rest stays a sentence', () =>
    expect(
      faultsInRefusal(
        'reason: Field required; limit.amount: Input should be greater than 0; limit.amount: x; parts.0.a: Input should be one of b, c; The account is closed; other: y',
        [field('reason'), field('parts', 'json'), LIMIT],
      ),
    ).toEqual({
      faults: {
        reason: 'Field required',
        'limit.amount': 'Input should be greater than 0; x',
        parts: 'Input should be one of b, c',
      },
      rest: 'The account is closed; other: y',
    }));
});
