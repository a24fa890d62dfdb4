import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { fromBase64url, hexOf, sha256Hex, toBase64url, utf8 } from './bytes.js';

describe('bytes', () => {
  it('are written as Node writes them, and read again', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(hexOf(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(Array.from(fromBase64url(toBase64url(bytes)))).toEqual(Array.from(bytes));
      }),
    ));

  it.each(['a+b/', 'YQ==', 'a b', 'abcde', 'ä'])('are not read from %j', (text) =>
    expect(() => fromBase64url(text)).toThrow(),
  );

  it('have the digest of Node, of their UTF-8', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        expect(hexOf(utf8(text))).toBe(Buffer.from(text).toString('hex'));
        expect(await sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
    ));
});
