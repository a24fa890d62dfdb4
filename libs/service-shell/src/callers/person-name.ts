/** The name is written to logs and records. */
const PRINTABLE = /^[\p{L}\p{N}\p{P}\p{S}]{1,128}$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/** Characters without a script of their own, for example digits and hyphens. */
const SHARED = '\\p{Script=Common}\\p{Script=Inherited}';

/** A name has the letters of a single line. */
const SCRIPTS = [
  ['Latin'],
  ['Greek'],
  ['Cyrillic'],
  ['Armenian'],
  ['Georgian'],
  ['Hebrew'],
  ['Arabic'],
  ['Devanagari'],
  ['Thai'],
  ['Han', 'Hiragana', 'Katakana'],
  ['Hangul', 'Han'],
].map(
  (scripts) =>
    new RegExp(`^[${SHARED}${scripts.map((script) => `\\p{Script=${script}}`).join('')}]+$`, 'u'),
);

/**
 * True for a name that a token may carry: printable, without invisible characters, and with the
 * letters of a single script.
 */
export function isUsableName(name: string): boolean {
  const plain = name.normalize('NFKC');
  const isPrintable = [name, plain].every((text) => PRINTABLE.test(text) && !INVISIBLE.test(text));
  return isPrintable && SCRIPTS.some((script) => script.test(plain));
}

/**
 * True if both names belong to the same person, or look alike to a reader: `Peter`, `PETER`, full
 * width `ＰＥＴＥＲ`, and the same name in look-alike letters of another script.
 */
export function isSamePersonName(first: string, second: string): boolean {
  const skeletons = personNameSkeletons(first);
  return personNameSkeletons(second).some((skeleton) => skeletons.includes(skeleton));
}

/**
 * Two names with a common skeleton belong to the same person. A capital may look like a Latin letter
 * while its small letter does not, hence two skeletons.
 */
export function personNameSkeletons(name: string): readonly string[] {
  const plain = name.normalize('NFKC');
  return [caseless(latin(plain)), latin(caseless(plain))].map((text) =>
    text.replaceAll('rn', 'm').replaceAll('vv', 'w'),
  );
}

/** Case folding: `ß` becomes `ss`, and a final sigma becomes a sigma. */
function caseless(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

function latin(text: string): string {
  return [...text].map((letter) => LOOK_ALIKES.get(letter) ?? letter).join('');
}

/**
 * Letters and digits that look like a Latin letter: the single letters of Latin, Greek, Cyrillic,
 * Armenian, Hebrew and Arabic in the confusables of Unicode Technical Standard 39.
 */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  (
    [
      ['01I|ıɡɩʟʋ', 'ollligilv'],
      ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺϳ', 'abezhlkmnoptyxcmj'],
      ['αγικνορσυϲ', 'ayikvopouc'],
      ['АВЕЅІЈКМНОРСТУХҮԌԚԜҺӀЬ', 'abesljkmhopctyxygqwhlb'],
      ['аеѕіјорсухүԁԍԛԝһӏгѵкмт', 'aesijopcyxydgqwhlrvkmt'],
      ['ՍՏՕԼՈ', 'usoln'],
      ['աօսհոգզցյլ', 'wouhnqqgjl'],
      ['וןסاهہ', 'lloloo'],
    ] as const
  ).flatMap(([letters, twins]) =>
    [...letters].map((letter, at): [string, string] => [letter, twins[at] ?? letter]),
  ),
);
