import { isDecimalText } from '../money/amount.js';
import { decimalDigits } from './decimal-digits.js';
import { wireText } from './wire-text.js';

const LONGEST = 60;

/**
 * Reads an amount of others, as JSON text or number, in any decimal notation (`1e-8`, `1E+3`,
 * `.5`), and returns plain decimal text with every digit. Null for anything else, and for a number
 * below zero or beyond the digits of an `Amount`: such a value is unreadable, and neither zero nor
 * another amount.
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
