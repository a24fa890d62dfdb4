/** Sign, digits without zeros at either end, and the place of the last digit: `-1.50e3` is −, `15`, 2. */
interface Digits {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/** Reads a decimal number in any notation; null for other text. */
export function decimalDigits(text: string): Digits | null {
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
