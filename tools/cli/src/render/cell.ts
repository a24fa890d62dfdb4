/** Anything a service may answer, as one line of text that cannot steer a terminal. */
export function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(cell).join(', ');
  return printable(JSON.stringify(value));
}

/** Names and messages come from outside: escape sequences, line breaks and marks that reorder or hide text are shown, not obeyed. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`,
  );
}

/** Line by line, for texts that have several. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
