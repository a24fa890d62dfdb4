import fc from 'fast-check';
import { DoubledNameError, NumberText, parseExactJson as parse } from './parse-exact-json.js';

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
