import fc from 'fast-check';
import {
  DoubledNameError,
  isSameDecimal,
  NumberText,
  parseExactJson as parse,
  parseWireJson,
  utcTime,
  wireText,
} from './exact-json.js';

describe('parseExactJson', () => {
  it('keeps every number as it was written', () => {
    const digits = fc
      .tuple(fc.stringMatching(/^(0|[1-9]\d{0,25})$/), fc.stringMatching(/^\d{1,30}$/))
      .map(([whole, part]) => `${whole}.${part}`);
    fc.assert(
      fc.property(digits, (text) => {
        expect(parse(`{"amount": ${text}, "list": [${text}]}`)).toEqual({
          amount: new NumberText(text),
          list: [new NumberText(text)],
        });
      }),
    );
  });

  it.each([
    '{"amount": "1", "amount": "2"}',
    '{"amount": "1", "amount": "1"}',
    '{"amount": {"x": 1}, "amount": 0.12}',
    String.raw`{"amount": "1", "\u0061mount" : "2"}`,
    '{"a": [{"b": 1}, {"c": 1, "d": {}, "c": 1}]}',
    '{"__proto__": 1, "__proto__": 2}',
    '{"": 1, "": 2}',
    String.raw`{"a\\": 1, "a\"": 2, "a\\": 3}`,
  ])('refuses a name that is there twice: %s', (text) => {
    expect(() => parse(text)).toThrow(DoubledNameError);
  });

  it.each([
    '{"a": {"x": 1}, "b": {"x": 1}, "x": 1}',
    '{"a": "a", "b": ["a", "b", {"a": 1}, {"a": 1}]}',
    String.raw`{"a": "{\"b\": 1, \"b\": 2}", "b": "[{", "c": "\\"}`,
    String.raw`{"a\\": 1, "a\"": 2, "A": 3}`,
  ])('accepts one name in several objects, and texts similar to names: %s', (text) => {
    expect(() => parse(text)).not.toThrow();
  });

  it('takes whatever an object with names of its own is written as, and refuses it with one of them again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
        const text = JSON.stringify(object);
        const [name] = Object.keys(object);
        expect(() => parse(text)).not.toThrow();
        expect(() => parse(`${text.slice(0, -1)},${JSON.stringify(name)}:0}`)).toThrow(
          DoubledNameError,
        );
      }),
    );
  });

  it.each(['{"amount": "1"', '{}{}', '\ufeff{}', '01', "{'a': 1}", '['.repeat(32_000)])(
    'throws for what is no JSON: %.20s',
    (text) => {
      expect(() => parse(text)).toThrow();
    },
  );

  it('throws for lists and objects that are deeper than the stack', () => {
    expect(() => parse('['.repeat(32_000) + ']'.repeat(32_000))).toThrow();
    expect(() => parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)).toThrow();
  });
});

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

describe('utcTime', () => {
  it.each([
    ['2026-11-20T08:00:00Z', '2026-11-20T08:00:00.000Z'],
    ['2028-02-29T23:59:59.123456Z', '2028-02-29T23:59:59.123Z'],
    ['2026-11-20T08:00:00+00:00', '2026-11-20T08:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, time) => {
    expect(utcTime(text)?.toISOString()).toBe(time);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-11-31T00:00:00.5Z',
    '2026-01-32T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20T24:00:00+00:00',
    '2026-11-20T25:00:00Z',
    '2026-11-20T08:60:00Z',
    '2026-12-31T23:59:60Z',
    '0000-01-01T00:00:00Z',
  ])('refuses %s, which no calendar has', (text) => {
    expect(utcTime(text)).toBeNull();
  });

  it.each([
    '',
    '2026-11-20',
    '2026-11-20T08:00Z',
    '2026-11-20T08:00:00',
    '2026-11-20 08:00:00Z',
    '2026-11-20T08:00:00z',
    '2026-11-20T08:00:00+01:00',
    '2026-11-20T08:00:00-00:00',
    '2026-11-20T08:00:00.Z',
    '2026-11-20T08:00:00.1234567Z',
    '+02026-11-20T08:00:00Z',
    ' 2026-11-20T08:00:00Z',
    '2026-11-20T08:00:00Z\n',
    '٢٠٢٦-11-20T08:00:00Z',
    '1795163413',
  ])('refuses %j, which has another form', (text) => {
    expect(utcTime(text)).toBeNull();
  });
});
