import { NumberText } from '@sluice/kernel';
import { parseJsonBody } from './json-body.js';

const UTF_16 = 'body: Input should be UTF-8, without a byte order mark, and is UTF-16 or UTF-32';

const parse = (text: string, type: string | undefined = 'application/json') =>
  parseJsonBody(type, Buffer.from(text));

describe('parseJsonBody', () => {
  it('keeps numbers as they were written', () => {
    expect(parse('{"amount": 0.10}')).toEqual({ amount: new NumberText('0.10') });
  });

  it.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/json;charset="UTF8"',
    'application/json; charset=us-ascii',
    'application/json; charset=ISO-8859-1',
    'application/json;v=1',
    'application/json; charset=',
  ])('takes %s', (type) => {
    expect(parse('{}', type)).toEqual({});
  });

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

  it.each<[string, string]>([
    ['utf-16', '{}'],
    ['UTF-16LE', '{}'],
    ['"utf-7"', '{}'],
    ['shift_jis', '{}'],
    ['iso-8859-1', '{"a":"ü"}'],
  ])('refuses the charset %s of %s', (charset, body) => {
    const type = `application/json; charset=${charset}`;
    expect(() => parseJsonBody(type, Buffer.from(body))).toThrow(
      'Content-Type must have the charset utf-8, or none',
    );
  });

  it.each<[string, Buffer | string, string]>([
    ['nothing', '', 'body: Field required'],
    ['broken JSON', '{"amount": "1"', 'body: Input should be valid JSON'],
    ['a name that is there twice', '{"a": 1, "a": 1}', 'body: Input should name each field once'],
    ['two documents', '{}{}', 'body: Input should be valid JSON'],
    ['a byte order mark', '\ufeff{}', 'body: Input should begin without a byte order mark'],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      'body: Input should be valid UTF-8',
    ],
    ['UTF-16', Buffer.from('{}', 'utf16le'), UTF_16],
    ['UTF-16 with a mark', Buffer.from('\ufeff{}', 'utf16le'), UTF_16],
    ['UTF-16 with the high byte first', Buffer.from('{}', 'utf16le').swap16(), UTF_16],
    ['UTF-32', Buffer.from([0, 0, 0, 0x7b, 0, 0, 0, 0x7d]), UTF_16],
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
