import fc from 'fast-check';
import { isSameDecimal } from './decimal-digits.js';
import { parseWireJson } from './parse-wire-json.js';
import { wireText } from './wire-text.js';

describe('parseWireJson', () => {
  it('keeps every digit of a whole number that a double cannot hold', () => {
    expect(parseWireJson('{"id": 9223372036854775807, "ids": [9007199254740993]}')).toEqual({
      id: '9223372036854775807',
      ids: ['9007199254740993'],
    });
  });

  it('reads everything else as JSON.parse does', () => {
    const text =
      '{"id":111,"time":1596531048.285,"code":0.0,"k":1E+3,"note":": 12345678901234567890, x","big":1e300}';

    expect(parseWireJson(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '0.123456789012345678',
    '9007199254740993.5',
    '1e400',
    '-1e400',
    '1e-400',
    '1.00000000000000000001e3',
    '12345678901234567890e-10',
  ])('keeps %s as written', (source) => {
    expect(parseWireJson(`{"amount": [ ${source}]}`)).toEqual({ amount: [source] });
    expect(parseWireJson(source)).toBe(source);
  });

  it('changes no number, however written', () => {
    const number = fc
      .tuple(
        fc.stringMatching(/^-?(0|[1-9]\d{0,25})$/),
        fc.stringMatching(/^(\.\d{1,25})?$/),
        fc.stringMatching(/^([eE][+-]?\d{1,2})?$/),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(number, (source) => {
        const read = parseWireJson(`{"amount":${source}}`) as { readonly amount: unknown };
        expect(isSameDecimal(wireText(read.amount), source)).toBe(true);
      }),
    );
  });
});
