import fc from 'fast-check';
import { Amount } from '../amount.js';
import { wireDecimal, wireText, wireTime } from '../exact-json.js';

describe('wireDecimal', () => {
  it.each([
    ['1e-8', '0.00000001'],
    [1e-8, '0.00000001'],
    ['1E+3', '1000'],
    [1e3, '1000'],
    ['1.5e2', '150'],
    ['1.5E-2', '0.015'],
    ['0.123456789012345678', '0.123456789012345678'],
    ['9007199254740993.5', '9007199254740993.5'],
    ['12.50', '12.5'],
    ['0012.5', '12.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+5', '5'],
    [' 5 ', '5'],
    ['0e10', '0'],
    ['-0.0', '0'],
    [0, '0'],
    [`1.${'0'.repeat(40)}`, '1'],
    ['100000e-5', '1'],
  ])('reads %j as %s', (value, plain) => expect(wireDecimal(value)).toBe(plain));

  it.each([
    '1,000.5',
    '1.000,5',
    '1 000',
    '1_000',
    '',
    ' ',
    '.',
    'e5',
    'NaN',
    'Infinity',
    '0x10',
    '١٢',
    '-1',
    '1e400',
    '1e-400',
    '1e9999999',
    '1e25',
    `0.${'0'.repeat(30)}1`,
    null,
    undefined,
    true,
    {},
    ['1'],
  ])('%j is no amount, and not zero', (value) => expect(wireDecimal(value)).toBeNull());

  it('reads the same amount from every notation', () =>
    fc.assert(
      fc.property(
        fc.stringMatching(/^(0|[1-9]\d{0,20})$/),
        fc.stringMatching(/^\d{0,12}$/),
        fc.integer({ min: -10, max: 10 }),
        (whole, part, shift) => {
          const exact = Amount.of(`${whole}.${part}0`, 'X.Y').toString();
          const digits = whole + part;
          const exponent = -part.length - shift;
          const shifted = `${digits}${shift > 0 ? '0'.repeat(shift) : ''}e${shift > 0 ? exponent : -part.length}`;
          expect(wireDecimal(shifted)).toBe(exact);
        },
      ),
    ));
});

describe('wireText', () => {
  it.each([
    ['3', '3'],
    [3, '3'],
    [null, ''],
    [{}, ''],
    [true, ''],
  ])('%j is "%s"', (value, text) => expect(wireText(value)).toBe(text));
});

describe('wireTime', () => {
  it.each([
    '1596531048.285',
    1596531048.285,
    '1596531048285',
    1596531048285,
    '1.596531048285e12',
    '2020-08-04T08:50:48.285Z',
    '2020-08-04T10:50:48.285+02:00',
  ])('reads %j', (value) => expect(wireTime(value)?.getTime()).toBe(1596531048285));

  it.each(['1596531048', 1596531048])('reads the whole second %j', (value) =>
    expect(wireTime(value)?.getTime()).toBe(1596531048000),
  );

  it.each(['0', 0, '', 'soon', null, undefined, -1, '-1742738305000', '000000000', '20200804'])(
    '%j is no time',
    (value) => expect(wireTime(value)).toBeNull(),
  );
});
