/** Codes in any case of their letters. ASCII only: elsewhere other signs have the same capitals, and `uſdt` is not USDT. */
export function upperCase(code: string): string {
  return code.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Converts only ASCII letters, like `upperCase`. */
export function lowerCase(code: string): string {
  return code.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
