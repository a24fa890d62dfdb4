import fc from 'fast-check';
import { NumberText, parseJsonBody } from './json-body.js';

const parse = (text: string, type: string | undefined = 'application/json') =>
  parseJsonBody(type, Buffer.from(text));

describe('parseJsonBody', () => {
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
    '{"amount": {"x": 1}, "amount": 0.12}',
    String.raw`{"amount": "1", "\u0061mount" : "2"}`,
    '{"a": [{"b": 1}, {"c": 1, "d": {}, "c": 1}]}',
    '{"__proto__": 1, "__proto__": 2}',
    '{"": 1, "": 2}',
    String.raw`{"a\\": 1, "a\"": 2, "a\\": 3}`,
  ])('refuses a name that is there twice: %s', (text) => {
    expect(() => parse(text)).toThrow('body: Input should name each field once');
  });

  it.each([
    '{"a": {"x": 1}, "b": {"x": 1}, "x": 1}',
    '{"a": "a", "b": ["a", "b", {"a": 1}, {"a": 1}]}',
    String.raw`{"a": "{\"b\": 1, \"b\": 2}", "b": "[{", "c": "\\"}`,
    String.raw`{"a\\": 1, "a\"": 2, "A": 3}`,
  ])('takes one name in several objects, and texts that look like names: %s', (text) => {
    expect(() => parse(text)).not.toThrow();
  });

  it('takes whatever an object with names of its own is written as, and refuses it with one of them again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
        const text = JSON.stringify(object);
        const [name] = Object.keys(object);
        expect(() => parse(text)).not.toThrow();
        expect(() => parse(`${text.slice(0, -1)},${JSON.stringify(name)}:0}`)).toThrow(
          'body: Input should name each field once',
        );
      }),
    );
  });

  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/json;v=1'])(
    'takes %s',
    (type) => {
      expect(parse('{}', type)).toEqual({});
    },
  );

  it.each([
    undefined,
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'text/json',
    'application/problem+json',
  ])('refuses the content type %s', (type) => {
    expect(() => parseJsonBody(type, Buffer.from('{}'))).toThrow(
      'Content-Type must be application/json',
    );
  });

  it.each<[string, Buffer | string, string]>([
    ['nothing', '', 'body: Field required'],
    ['broken JSON', '{"amount": "1"', 'body: Input should be valid JSON'],
    ['two documents', '{}{}', 'body: Input should be valid JSON'],
    ['a byte order mark', '\ufeff{}', 'body: Input should be valid JSON'],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      'body: Input should be valid UTF-8',
    ],
    ['UTF-16', Buffer.from('{}', 'utf16le'), 'body: Input should be valid JSON'],
    ['a list', '[]', 'body: Input should be a valid object'],
    ['a number', '1', 'body: Input should be a valid object'],
    ['a text', '"x"', 'body: Input should be a valid object'],
    ['null', 'null', 'body: Input should be a valid object'],
    [
      'deeper lists than the stack',
      `{"a":${'['.repeat(32_000)}${']'.repeat(32_000)}}`,
      'body: Input should be valid JSON',
    ],
    [
      'deeper objects than the stack',
      `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
      'body: Input should be valid JSON',
    ],
  ])('refuses %s', (_what, body, message) => {
    expect(() => parseJsonBody('application/json', Buffer.from(body))).toThrow(message);
  });
});
