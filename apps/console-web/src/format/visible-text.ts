/**
 * Characters without a picture of their own, as the services know them: controls except line ends
 * and tabs, marks that turn the direction of the text, and invisible blanks and joiners.
 */
const INVISIBLE =
  /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\u{1d159}]/gu;

/** Shows invisible characters of a foreign text by their number, such as `[U+202E]`. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => `[U+${numberOf(character)}]`);
}

function numberOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
