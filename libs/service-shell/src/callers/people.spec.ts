import fc from 'fast-check';
import { isSamePersonName, isUsableName } from './people.js';

describe('two names of people', () => {
  it.each([
    ['Peter', 'peter'],
    ['Peter', 'PETER'],
    ['Peter', 'ＰETER'],
    ['Peter', 'ｐｅｔｅｒ'],
    ['Peter', '𝐏𝐞𝐭𝐞𝐫'],
    ['Peter', 'Реtеr'],
    ['Pope', 'Роре'],
    ['BOB', 'ВОВ'],
    ['bob', 'ВОВ'],
    ['OTTO', 'ΟΤΤΟ'],
    ['olivia', '0livia'],
    ['paul', 'pau1'],
    ['Ian', 'lan'],
    ['arne', 'ame'],
    ['weiß', 'WEISS'],
    ['ada@example.com', 'ADA@EXAMPLE.COM'],
  ])('%s and %s are the same person', (first, second) => {
    expect(isSamePersonName(first, second)).toBe(true);
    expect(isSamePersonName(second, first)).toBe(true);
  });

  it.each([
    ['peter', 'petra'],
    ['p0', 'p1'],
    ['ada', 'адам'],
    ['Иван', 'Ivan'],
    ['José', 'Jose'],
  ])('%s and %s are two people', (first, second) =>
    expect(isSamePersonName(first, second)).toBe(false),
  );

  it('are the same in every case and width, whatever the name', () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-0189');
    const name = fc.string({ unit: letter, minLength: 1, maxLength: 20 });
    const wide = (text: string): string =>
      [...text].map((one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0)).join('');
    fc.assert(
      fc.property(name, (one) => {
        for (const other of [one, one.toUpperCase(), one.toLowerCase(), wide(one)])
          expect([one, other, isSamePersonName(one, other)]).toEqual([one, other, true]);
      }),
    );
  });
});

describe('a name', () => {
  it.each([
    'peter',
    'ada@example.com',
    'auth0|5f7c',
    'José',
    'Иван',
    '山田はな',
    '김철수',
    'ＰETER',
  ])('%s may be in a token', (name) => expect(isUsableName(name)).toBe(true));

  it.each([
    ['with a filler of Hangul', 'ㅤ'],
    ['with a filler of Hangul beside letters', 'peterㅤ'],
    ['with a filler of half width', 'peterﾠ'],
    ['with a joiner', 'pe‍ter'],
    ['with a soft hyphen', 'pe­ter'],
    ['with a direction', 'peter‮'],
    ['of two scripts', 'Реtеr'],
    ['of Latin and Greek', 'οtto'],
    ['with a line break', 'ada\nroot'],
    ['with a space', 'ada root'],
    ['that is empty', ''],
    ['that is too long', 'a'.repeat(129)],
  ])('%s is refused', (_what, name) => expect(isUsableName(name)).toBe(false));
});
