import { isDecimalText } from './amount.js';

export class NumberText {
  constructor(readonly text: string) {}
}

export class DoubledNameError extends SyntaxError {
  override readonly name = 'DoubledNameError';
}

/**
 * Keeps each number as original text. Throws for invalid or too deep JSON, and DoubledNameError for
 * a repeated name.
 */
export function parseExactJson(text: string): unknown {
  const value = parseNumbers(text, (_value, source) => new NumberText(source));
  if (hasDoubledName(text)) throw new DoubledNameError('an object names a field twice');
  return value;
}

const NAMES_AND_BRACKETS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;

/** Readers may use the first or last of equal names, both under a valid signature. */
function hasDoubledName(text: string): boolean {
  const around: Set<unknown>[] = [];
  for (const [token, quoted = '', colon] of text.matchAll(NAMES_AND_BRACKETS)) {
    if (token === '{' || token === '[') around.push(new Set());
    else if (token === '}' || token === ']') around.pop();
    else if (colon !== undefined) {
      const names = around.at(-1);
      const name: unknown = JSON.parse(quoted);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}

/** A number with more digits than a double holds, or with an exponent. */
const PERHAPS_CHANGED = /(?:^|[:[,])\s*-?(?=[\d.]{16}|[\d.]+[eE])/;

/**
 * JSON.parse for answers of others: a number that a double would change is kept as source text,
 * because a rounded id or amount is another one.
 */
export function parseWireJson(text: string): unknown {
  return PERHAPS_CHANGED.test(text) ? parseNumbers(text, keepExact) : JSON.parse(text);
}

function keepExact(value: number, source: string): unknown {
  return isSameDecimal(String(value), source) && !isUnsafeInteger(value) ? value : source;
}

/** A whole number beyond 2^53 is printed exactly by chance only; calculations with it are not exact. */
function isUnsafeInteger(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
}

/** `read` also receives the literal's source text (ECMAScript 2026, in Node 24). */
function parseNumbers(text: string, read: (value: number, source: string) => unknown): unknown {
  return JSON.parse(text, (_key: string, value: unknown, literal?: { source?: string }) =>
    typeof value === 'number' ? read(value, literal?.source ?? String(value)) : value,
  );
}

/** An object, and neither a list nor null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST = 60;

/**
 * Plain decimal text of an amount of others, text or number in any notation (`1e-8`, `.5`). Null if
 * unreadable, negative or beyond an `Amount`: neither zero nor another amount.
 */
export function wireDecimal(value: unknown): string | null {
  const read = decimalDigits(wireText(value).trim());
  if (read === null || read.isNegative) return null;
  const { digits, exponent } = read;
  if (digits === '') return '0';
  if (digits.length > LONGEST || Math.abs(exponent) > LONGEST) return null;
  const whole = exponent >= 0 ? digits + '0'.repeat(exponent) : digits.slice(0, exponent);
  const part = exponent >= 0 ? '' : digits.slice(exponent).padStart(-exponent, '0');
  const plain = `${whole || '0'}${part === '' ? '' : `.${part}`}`;
  return isDecimalText(plain) ? plain : null;
}

/** Sign, digits without zeros at either end, and the place of the last digit: `-1.50e3` is −, `15`, 2. */
interface Digits {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/** Reads a decimal number in any notation; null for other text. */
function decimalDigits(text: string): Digits | null {
  const [, sign = '', whole = '', part = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  const written = whole + part;
  if (written === '') return null;
  const kept = withoutTrailingZeros(written);
  const digits = kept.replace(/^0+/, '');
  if (digits === '') return { isNegative: false, digits: '', exponent: 0 };
  const shift = written.length - kept.length - part.length;
  return { isNegative: sign === '-', digits, exponent: Number(exponent) + shift };
}

export function isSameDecimal(one: string, other: string): boolean {
  const [a, b] = [decimalDigits(one), decimalDigits(other)];
  return (
    a !== null &&
    b !== null &&
    a.isNegative === b.isNegative &&
    a.digits === b.digits &&
    a.exponent === b.exponent
  );
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

/** Text of a field read by `parseWireJson`: ids and codes come as text or as number. Other values are empty. */
export function wireText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const UNIX = /^(\d{9,14})(?:\.(\d+))?$/;

/**
 * Time of others: Unix seconds (9 to 11 digits), milliseconds (12 to 14), or RFC 3339. Null
 * otherwise, and before 1973.
 */
export function wireTime(value: unknown): Date | null {
  const text = wireText(value).trim();
  if (RFC_3339.test(text)) return existing(new Date(text));
  const [, whole = '', part = ''] = UNIX.exec(plainNumber(text)) ?? [];
  if (whole === '' || whole.startsWith('0')) return null;
  return new Date(Number(whole.length < 12 ? whole + part.padEnd(3, '0').slice(0, 3) : whole));
}

/** Without exponent, where one is written. */
function plainNumber(text: string): string {
  if (!/[eE]/.test(text)) return text;
  const read = decimalDigits(text);
  return read === null || read.isNegative || read.exponent < 0 || read.exponent > 14
    ? text
    : read.digits + '0'.repeat(read.exponent);
}

function existing(time: Date): Date | null {
  return Number.isNaN(time.getTime()) ? null : time;
}

const UTC = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|\+00:00)$/;
/** Length of a date with hours, minutes and seconds. */
const TO_SECONDS = '2026-11-20T08:00:00'.length;

/**
 * UTC time `2026-11-20T08:00:00Z`, with up to six decimals, or with `+00:00`. Null for other forms,
 * and for moments missing in the calendar, which `Date` reads as another day.
 */
export function utcTime(text: string): Date | null {
  if (!UTC.test(text)) return null;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return null;
  return time.toISOString().slice(0, TO_SECONDS) === text.slice(0, TO_SECONDS) ? time : null;
}
