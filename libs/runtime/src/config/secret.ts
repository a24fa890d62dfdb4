/** A value never printed: shows as `***` in logs, JSON and templates. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }
}

/** Permitted blanks: `word`: none; `phrase`: plain, not at the ends; `lines`: also line ends. */
export type SecretForm = 'word' | 'phrase' | 'lines';

/** Code points that a person does not see: blanks, control and formatting characters. */
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{Z}]/u;
const BYTE_ORDER_MARK = '\ufeff';

/** Removes the line ends before and after a text. */
export function withoutLineEnds(text: string): string {
  return text.replace(/^[\r\n]+|[\r\n]+$/g, '');
}

/** Returns why a text is not plain UTF-8, or null. */
export function markFault(text: string): string | null {
  if (text.startsWith(BYTE_ORDER_MARK))
    return 'it begins with a byte order mark: save it as UTF-8 without the mark';
  return text.includes('\ufffd') ? 'it is not UTF-8' : null;
}

/** Why a text is no secret of the form, or null. Never shows the text. */
export function secretFormFault(text: string, form: SecretForm): string | null {
  if (INVISIBLE.test(text.at(0) ?? '') || INVISIBLE.test(text.at(-1) ?? ''))
    return 'it begins or ends with a blank or an invisible character';
  if (form === 'lines') return null;
  if (/[\r\n]/.test(text)) return 'it has several lines';
  return INVISIBLE.test(form === 'phrase' ? text.replaceAll(' ', '') : text)
    ? 'it contains a blank or an invisible character'
    : null;
}
