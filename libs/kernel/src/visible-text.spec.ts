import fc from 'fast-check';
import { identifierFault, visibleTextFault } from './visible-text.js';

const ENDS = 'String should not begin or end with a blank';
const not = (code: string) => `String should contain valid characters only, not U+${code}`;

describe('identifierFault', () => {
  it.each(['a', 'order 1', 'a  b', '出金-🔑-№1', 'Ünïcödé', 'é', '-', '0', '👍🏽', 'مرحبا'])(
    'takes %j',
    (text) => {
      expect([identifierFault(text), visibleTextFault(text)]).toEqual([null, null]);
    },
  );

  const BLANKS = [' ', '\t', '\n', '\u00a0', '\u1680', '\u2003', '\u202f', '\u205f', '\u3000'];
  it.each(BLANKS.flatMap((blank) => [blank, `a${blank}`, `${blank}a`, `${blank}${blank}`]))(
    'refuses %j, with a blank at an end',
    (text) => {
      expect([identifierFault(text), visibleTextFault(text)]).toEqual([ENDS, ENDS]);
    },
  );

  it.each([
    ['\0', '0000'],
    ['\u007f', '007F'],
    ['\u0090', '0090'],
    ['\u00ad', '00AD'],
    ['\u034f', '034F'],
    ['\u061c', '061C'],
    ['\u115f', '115F'],
    ['\u180e', '180E'],
    ['\u200b', '200B'],
    ['\u200d', '200D'],
    ['\u202e', '202E'],
    ['\u2060', '2060'],
    ['\u2066', '2066'],
    ['\u2800', '2800'],
    ['\u3164', '3164'],
    ['\ufe0f', 'FE0F'],
    ['\ufeff', 'FEFF'],
    ['\uffa0', 'FFA0'],
    ['\ufff9', 'FFF9'],
    ['\uffff', 'FFFF'],
    ['\u{1d159}', '1D159'],
    ['\u{e0041}', 'E0041'],
    ['\u{e0100}', 'E0100'],
  ])('refuses the invisible %j in the middle, and alone', (hidden, code) => {
    for (const text of [`a${hidden}b`, `a b${hidden}b`])
      expect([identifierFault(text), visibleTextFault(text)]).toEqual([not(code), not(code)]);
    for (const text of [hidden, `a${hidden}`, `${hidden}a`])
      expect([identifierFault(text), visibleTextFault(text)]).not.toContain(null);
  });

  it('takes no other blank than the space inside an identifier, and any blank in a text to read', () => {
    for (const [blank, code] of [
      ['\u00a0', '00A0'],
      ['\u3000', '3000'],
      ['\u2009', '2009'],
    ] as const) {
      expect(identifierFault(`a${blank}b`)).toBe(not(code));
      expect(visibleTextFault(`a${blank}b`)).toBeNull();
    }
  });

  it('refuses half a character', () => {
    for (const text of ['\ud83d', 'a\udc00'])
      expect(identifierFault(text)).toBe('String should contain valid characters only');
  });

  it('takes no text that trimming changes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), (text) => {
        if (identifierFault(text) === null) expect(text.trim()).toBe(text);
      }),
    );
  });
});
