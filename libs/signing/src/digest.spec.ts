import fc from 'fast-check';
import { constantTimeEqual, sha256Hex } from './digest.js';

describe('sha256Hex', () => {
  it('hashes no bytes to the published value', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('takes text as its UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sha256Hex(text)).toBe(sha256Hex(new TextEncoder().encode(text)));
      }),
    );
  });
});

describe('constantTimeEqual', () => {
  it('is true for equal texts', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(constantTimeEqual(text, `${text}`)).toBe(true);
      }),
    );
  });

  it('is false, and does not throw, for unequal texts of any length', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(a !== b);
        expect(constantTimeEqual(a, b)).toBe(false);
      }),
    );
  });
});
