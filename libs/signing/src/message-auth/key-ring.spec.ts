import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { HmacSha256 } from './key-ring.js';

describe('HmacSha256', () => {
  // RFC 4231, test cases 1, 2 and 6.
  it.each([
    [
      Buffer.alloc(20, 0x0b),
      'Hi There',
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      Buffer.from('Jefe'),
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      Buffer.alloc(131, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('makes what its standard has as an example: key %p, %s', (key, text, expected) => {
    expect(new HmacSha256(key).of(text, 'hex')).toBe(expected);
  });

  it('shows nothing of its key when it is printed or written as JSON', () => {
    const hmac = new HmacSha256(Buffer.from('a key that nobody may read'));

    expect(inspect(hmac, { showHidden: true, depth: null })).toBe('HmacSha256 {}');
    expect(JSON.stringify(hmac)).toBe('{}');
  });

  it('makes what the one of Node makes, of any key and any text', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 130 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        (key, text) =>
          new HmacSha256(key).of(text) ===
          createHmac('sha256', key).update(text).digest('base64url'),
      ),
    );
  });
});
