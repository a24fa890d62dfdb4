import { NumberText } from '@sluice/kernel';
import { parseJsonBody } from './json-body.js';

const parse = (text: string, type: string | undefined = 'application/json') =>
  parseJsonBody(type, Buffer.from(text));

describe('parseJsonBody', () => {
  it('keeps numbers as they were written', () => {
    expect(parse('{"amount": 0.10}')).toEqual({ amount: new NumberText('0.10') });
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
    ['a name that is there twice', '{"a": 1, "a": 1}', 'body: Input should name each field once'],
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
