import { ok, refuse, type Result } from '../result/result.js';

/** The characters that every bank of SEPA takes (EPC217-08). */
const SEPA_TEXT = /^[a-zA-Z0-9/\-?:().,'+ ]*$/;
const REPLACED: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'Ae',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  _: '-',
};

/**
 * Returns a customer's words in the characters of SEPA, without blanks at the ends: umlauts are
 * written as two letters, other letters lose their accent. Refuses what has no replacement.
 */
export function sepaText(words: string, longest: number): Result<string, string> {
  const text = Array.from(
    words.normalize('NFC'),
    (letter) => REPLACED[letter] ?? letter.normalize('NFD').replace(/(?<=^[a-zA-Z])\p{M}+$/u, ''),
  )
    .join('')
    .replace(/^ +| +$/g, '');
  if (!SEPA_TEXT.test(text))
    return refuse("String should have letters, digits, blanks and / - ? : ( ) . , ' + only (SEPA)");
  if (text.startsWith('/') || text.endsWith('/') || text.includes('//'))
    return refuse('String should not begin or end with / and should not contain // (SEPA)');
  return text.length > longest
    ? refuse(`String should have at most ${longest} characters`)
    : ok(text);
}
