/** Controls, line ends, format characters, fillers, and signs that fonts draw as nothing. */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\u{1d159}]/u;
const BLANK_AT_AN_END = /^\p{White_Space}|\p{White_Space}$/u;
const BLANK_OTHER_THAN_SPACE = /(?! )\p{Zs}/u;

/**
 * Why people could mistake the text for another, or null: no invisible characters, no blanks at an
 * end.
 */
export function visibleTextFault(text: string): string | null {
  if (!text.isWellFormed()) return 'String should contain valid characters only';
  if (BLANK_AT_AN_END.test(text)) return 'String should not begin or end with a blank';
  return withoutFault(INVISIBLE, text);
}

/** Like `visibleTextFault`, for a text that identifies: the only blank inside is the space. */
export function identifierFault(text: string): string | null {
  return visibleTextFault(text) ?? withoutFault(BLANK_OTHER_THAN_SPACE, text);
}

function withoutFault(characters: RegExp, text: string): string | null {
  const found = characters.exec(text)?.[0].codePointAt(0);
  if (found === undefined) return null;
  const code = found.toString(16).toUpperCase().padStart(4, '0');
  return `String should contain valid characters only, not U+${code}`;
}
