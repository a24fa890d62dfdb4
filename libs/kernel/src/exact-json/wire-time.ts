import { decimalDigits } from './decimal-digits.js';
import { wireText } from './wire-text.js';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const UNIX = /^(\d{9,14})(?:\.(\d+))?$/;

/**
 * Reads a time of others: Unix seconds (9 to 11 digits) or milliseconds (12 to 14 digits), as text
 * or number, or RFC 3339. Null for other values, and for a time before 1973.
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
